#!/bin/sh
# Makes the certificates beside this file anew: an authority of the tests' own, and what it issued. They protect nothing.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
far=21260101000000Z

cat >"$work/ca.cnf" <<EOF
[ca]
default_ca = tests
[tests]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[site]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
EOF
: >"$work/index.txt"

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"; }
request() { openssl req -new -key "$work/$1.key" -subj "/CN=$1" -addext "subjectAltName = DNS:$1" -out "$work/$1.csr"; }
issue() { # name, first day, last day, extensions, further options
    openssl ca -batch -notext -config "$work/ca.cnf" -startdate "$2" -enddate "$3" -extensions "$4" \
        -in "$work/$1.csr" -out "$work/$1.crt" $5 2>/dev/null
}

key authority
openssl req -new -key "$work/authority.key" -subj "/CN=Authority of the tests" -out "$work/authority.csr"
issue authority 20200101000000Z $far authority "-selfsign -keyfile $work/authority.key"
by="-cert $work/authority.crt -keyfile $work/authority.key"
for name in good.test expired.test self-signed.test; do key $name; request $name; done
issue good.test 20200101000000Z $far site "$by"
issue expired.test 20200101000000Z 20210101000000Z site "$by"
issue self-signed.test 20200101000000Z $far site "-selfsign -keyfile $work/self-signed.test.key"

cp "$work/authority.crt" authority.pem
for name in good expired self-signed; do cat "$work/$name.test.key" "$work/$name.test.crt" >"$name.pem"; done
