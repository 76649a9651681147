#!/bin/sh
# Makes the certificates of the tests anew: an authority, a server 127.0.0.1, a client. They say nothing to anyone else.
set -eu
cd "$(dirname "$0")"
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
signed() {
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=$1 of a test" |
        openssl x509 -req -days 36500 -CA ca.pem -CAkey ca.key -CAcreateserial -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
key ca
openssl req -x509 -new -key ca.key -days 36500 -subj "/CN=authority of a test" -out ca.pem
echo 'subjectAltName=IP:127.0.0.1' > server.ext
echo 'extendedKeyUsage=clientAuth' > client.ext
signed server
signed client
rm -f ca.key ca.srl server.ext client.ext
