#!/bin/sh
# Starts nginx as a server that greets over TLS, or sends a large file: nginx-tls.sh FOLDER CERTIFICATES PORT. It is one
# process, so that its time is that of this process.
set -eu
folder=$1 certificates=$2 port=$3
mkdir -p "$folder"
truncate -s 1G "$folder/gigabyte"
cat >"$folder/nginx.conf" <<END
daemon off;
master_process off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid $folder/nginx.pid;
error_log stderr crit;
events { worker_connections 16384; }
http {
  access_log off;
  default_type text/plain;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$port ssl;
    ssl_certificate $certificates/server.pem;
    ssl_certificate_key $certificates/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    location / { return 200 'Hello, World!'; }
    location = /gigabyte { root $folder; }
  }
}
END
echo "port $port"
exec nginx -e stderr -p "$folder" -c "$folder/nginx.conf" >&2
