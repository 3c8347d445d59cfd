# Sourced: a throw-away PostgreSQL cluster in a temporary folder, on a socket, gone with the script.
pg_folder=$(mktemp -d /tmp/tinhso-pg.XXXXXX)
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$pg_bin" ] || pg_bin=$(dirname "$(command -v initdb)")
# PostgreSQL refuses to run as root: hand the folder to its own user.
if [ "$(id -u)" = 0 ]; then chown postgres "$pg_folder"; pg() { runuser -u postgres -- "$@"; }; else pg() { "$@"; }; fi

postgres_stop() { pg "$pg_bin/pg_ctl" -D "$pg_folder/data" -m immediate -s stop >/dev/null 2>&1 || true; rm -rf "$pg_folder"; }
trap postgres_stop EXIT

# Starts it and prints its DATABASE_URL. Commits are synchronous as in production. What is written is not forced to the disk
# (fsync off): tests kill our processes, never the machine, and each throw-away database would wait for the disk twice.
postgres_start() {
  pg "$pg_bin/initdb" -D "$pg_folder/data" -U tinhso -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  pg "$pg_bin/pg_ctl" -D "$pg_folder/data" -s -w -l "$pg_folder/log" -o "-k $pg_folder -c listen_addresses='' -c max_connections=60 -c fsync=off" start >/dev/null
  pg "$pg_bin/createdb" -h "$pg_folder" -U tinhso tinhso
  printf 'postgres://tinhso@/tinhso?host=%s' "$pg_folder"
}
