# Builds the program into the folder $1. The library for clocks lies in a folder of its own from OCaml 5 on.
set -eu
mkdir -p "$1"
cp peer.ml "$1/peer.ml"
cd "$1"
if [ -d "$(ocamlopt -where)/unix" ]; then unix="-I +unix"; else unix=""; fi
exec ocamlopt -O3 -unsafe -inline 100 $unix unix.cmxa peer.ml -o peer
