# git's test scripts read this file after git's own lib-httpd.sh, in which start_httpd and stop_httpd are renamed start_apache
# and stop_apache. Apache keeps its port and is the node; the tests use the gateway's URLs.

# Starts the command in $GATEWAY with LISTEN=address:port, NODE=http://address:port, PROTO=http|https, WORK=folder and,
# for https, CERTIFICATE=a PEM file with certificate and key. It prints the line "ready" when it serves, and runs until SIGTERM.
start_gateway () {
	WORK=$HTTPD_ROOT_PATH/gateway
	NODE=http://127.0.0.1:$LIB_HTTPD_PORT
	LIB_HTTPD_PORT=$((LIB_HTTPD_PORT + 10000))
	LISTEN=127.0.0.1:$LIB_HTTPD_PORT
	PROTO=$HTTPD_PROTO
	CERTIFICATE=$WORK/gateway.pem
	mkdir -p "$WORK"
	if test "$PROTO" = https
	then
		openssl req -new -x509 -nodes -newkey rsa:2048 -subj /CN=gateway \
			-addext subjectAltName=IP:127.0.0.1,DNS:gitbogusexamplehost.invalid \
			-out "$CERTIFICATE" -keyout "$WORK/key.pem" >&3 2>&4
		cat "$WORK/key.pem" >>"$CERTIFICATE"
	fi
	export LISTEN NODE PROTO CERTIFICATE WORK
	sh -c "exec $GATEWAY" >"$WORK/output" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- &
	gateway_pid=$!
	gateway_tries=300
	until grep -qx ready "$WORK/output"
	do
		gateway_tries=$((gateway_tries - 1))
		if test $gateway_tries = 0 || ! kill -0 $gateway_pid 2>/dev/null
		then
			cat "$WORK/output" >&7
			BAIL_OUT "the gateway did not start"
		fi
		sleep 0.1
	done

	HTTPD_DEST=127.0.0.1:$LIB_HTTPD_PORT
	HTTPD_URL=$HTTPD_PROTO://$HTTPD_DEST
	HTTPD_URL_USER=$HTTPD_PROTO://user%40host@$HTTPD_DEST
	HTTPD_URL_USER_PASS=$HTTPD_PROTO://user%40host:pass%40host@$HTTPD_DEST
}

start_httpd () {
	if test -z "$GATEWAY"
	then
		start_apache
		return
	fi
	# TLS ends at the gateway.
	gateway_ssl=$LIB_HTTPD_SSL
	LIB_HTTPD_SSL=
	start_apache
	if test -n "$gateway_ssl"
	then
		HTTPD_PROTO=https
		GIT_SSL_NO_VERIFY=t
		export GIT_SSL_NO_VERIFY
	fi
	start_gateway
}

stop_httpd () {
	if test -n "$gateway_pid"
	then
		kill $gateway_pid 2>/dev/null
		wait $gateway_pid 2>/dev/null
	fi
	stop_apache
}
