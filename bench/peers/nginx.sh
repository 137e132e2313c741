#!/bin/sh
# Starts nginx as a server that greets: nginx.sh FOLDER WORKERS PORT. What it writes goes to the folder. One worker is
# the process itself, so that its time and memory are those of this process. With http2 in place of the number it is
# one worker that speaks HTTP/2, and has 100 KiB at /large; with a folder in its place, one that serves its files.
set -eu
folder=$1 workers=$2 port=$3
mkdir -p "$folder"
http2=
if [ "$workers" = http2 ]; then
  workers=1
  http2=' http2'
  head -c 102400 /dev/zero >"$folder/large"
fi
greeting="return 200 'Hello, World!';" type=text/plain
case $workers in
  /*)
    greeting="root $workers; sendfile on; tcp_nopush on;" type=application/octet-stream
    workers=1
    ;;
esac
master=on
[ "$workers" -gt 1 ] || master=off
cat >"$folder/nginx.conf" <<END
daemon off;
master_process $master;
worker_processes $workers;
worker_rlimit_nofile 20000;
pid $folder/nginx.pid;
error_log stderr crit;
events { worker_connections 16384; }
http {
  access_log off;
  default_type $type;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$port$http2;
    location = /large { root $folder; }
    location / { $greeting }
  }
}
END
echo "port $port"
exec nginx -e stderr -p "$folder" -c "$folder/nginx.conf" >&2
