# syntax=docker/dockerfile:1
# The images of the registry and of the example services, one target each:
#
#     docker build --target ottla -t ottla .
#     docker build --target order-service -t order-service .
#     docker build --target inventory-service -t inventory-service .
#
# All of them are built by the same cargo command. What it fetches and compiles is kept in cache mounts of BuildKit, so that a change of the
# source compiles no dependency again. No image holds a secret: databases and passwords are given when a container starts.
ARG RUST=1.95

FROM rust:${RUST}-trixie AS build
# Kafka with TLS, SASL and zstd, and traces that can be exported. Empty builds without.
ARG FEATURES="order-service/tls,order-service/zstd,order-service/otlp,inventory-service/tls,inventory-service/zstd,inventory-service/otlp"
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN --mount=type=cache,id=ottla-crates,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=ottla-target-${TARGETARCH},target=/src/target,sharing=locked \
    cargo build --locked --release --features "$FEATURES" \
        -p ottla-registry --bin ottla \
        -p order-service --bin order-service \
        -p inventory-service --bin inventory-service \
    && install -D -t /out target/release/ottla target/release/order-service target/release/inventory-service

# Debian rather than an image without a shell: bash is what the health check is made of, and the services link to OpenSSL, which
# Debian keeps up to date. There is no name for the user, and no need for one; /data is what it may write to.
FROM debian:trixie-slim AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 /data
COPY --chmod=0755 deploy/docker/ready /usr/local/bin/ready
WORKDIR /data
USER 10001:10001

FROM base AS service
USER 0:0
RUN apt-get update \
    && apt-get install -y --no-install-recommends libssl3t64 \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001

# Without OTTLA_DATABASE it keeps everything in /data/ottla.db: mount a volume there.
FROM base AS ottla
COPY --from=build /out/ottla /usr/local/bin/ottla
ENV OTTLA_LISTEN=0.0.0.0:8081
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s CMD ["ready", "OTTLA_LISTEN"]
ENTRYPOINT ["ottla"]
CMD ["serve"]

FROM service AS order-service
COPY --from=build /out/order-service /usr/local/bin/order-service
ENV ORDER_SERVICE_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s CMD ["ready", "ORDER_SERVICE_LISTEN"]
ENTRYPOINT ["order-service"]

# Without INVENTORY_SERVICE_DATABASE it keeps reservations in /data/inventory.db: mount a volume there. INVENTORY_SERVICE_INSTANCE has to be
# another one for each replica, and the same after a restart: the name of a container is neither, so that nothing is set here.
FROM service AS inventory-service
COPY --from=build /out/inventory-service /usr/local/bin/inventory-service
ENV INVENTORY_SERVICE_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s CMD ["ready", "INVENTORY_SERVICE_LISTEN"]
ENTRYPOINT ["inventory-service"]
