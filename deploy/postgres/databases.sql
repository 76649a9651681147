-- One PostgreSQL, a database for each service, and a user who owns it. psql runs this once, as the superuser, on an empty
-- volume. Passwords come from the environment, and are in no file.
\set ON_ERROR_STOP on
\getenv registry_password REGISTRY_DB_PASSWORD
\getenv inventory_password INVENTORY_DB_PASSWORD

CREATE ROLE ottla LOGIN PASSWORD :'registry_password';
CREATE DATABASE ottla OWNER ottla;
REVOKE ALL ON DATABASE ottla FROM PUBLIC;

CREATE ROLE inventory LOGIN PASSWORD :'inventory_password';
CREATE DATABASE inventory OWNER inventory;
REVOKE ALL ON DATABASE inventory FROM PUBLIC;
