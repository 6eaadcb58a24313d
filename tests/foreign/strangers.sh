# Sourced after daemon.sh, with a daemon begun: who should not get in.
#   strangers_begin     certificates in $home, and a daemon that binds one of them to one exporter
# Under another authority: foreign.  Under ours: nameless (no SPIFFE id), double (two), unknown (an
# identity without a rule), bound (a checker for google-llc alone).

quiet() { "$@" >>"$home/strangers.log" 2>&1 || { cat "$home/strangers.log" >&2; fail "$1 $2"; }; }

stranger() { # NAME AUTHORITY ALTERNATIVE-NAMES
	local pair=$home/$1
	printf 'extendedKeyUsage=clientAuth\nsubjectAltName=%s\n' "$3" >"$pair.ext"
	quiet openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
		-keyout "$pair.key" -out "$pair.csr"
	quiet openssl x509 -req -in "$pair.csr" -CA "$home/$2.pem" -CAkey "$home/$2.key" -CAcreateserial \
		-days 1 -extfile "$pair.ext" -out "$pair.pem"
}

strangers_begin() {
	quiet openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 \
		-subj "/CN=another authority" -keyout "$home/foreign-ca.key" -out "$home/foreign-ca.pem"
	stranger foreign foreign-ca URI:spiffe://carnet.dev/role/checker
	stranger nameless ca DNS:checker.example
	stranger double ca URI:spiffe://carnet.dev/role/checker,URI:spiffe://carnet.dev/role/auditor
	stranger unknown ca URI:spiffe://carnet.dev/nobody
	stranger bound ca URI:spiffe://carnet.dev/bound

	daemon_stop
	cat >>"$home/carnetd.yaml" <<-'END'
	  - identity: spiffe://carnet.dev/bound
	    roles: [checker]
	    exporters: [google-llc]
	END
	daemon_start
}
