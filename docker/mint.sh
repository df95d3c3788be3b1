#!/bin/sh
# Makes a workshop's throwaway keys, once, and gives each part a folder with what it needs and nothing else.
# NOT FOR PRODUCTION. The authority's own key is not kept: it is gone with the temporary folder.
#
# usage: mint-workshop [FOLDER]      (by default /run/torugart)
set -eu
umask 077
to=${1:-/run/torugart}

if [ -s "$to/trust/participants.toml" ]; then
    echo "mint-workshop: there are keys already"
    exit 0
fi

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
torugart keys workshop "$made" --days 30 \
    --participant CN:CN:nsw --participant KG:KG:nsw --participant GATEWAY:KG:gateway > /dev/null

for part in GATEWAY:gateway CN:cn KG:kg; do
    cp "$made/keys/${part%%:*}.pem" "$to/${part##*:}/key.pem"
done

# The token that a national window and its adapter share.
for country in cn kg; do
    head -c 32 /dev/urandom | base64 > "$to/link-$country/token"
done

# Where the adapters listen. The list of participants comes last: it says that everything else is there.
cp -R "$made/trust/ca" "$made/trust/crl" "$to/trust/"
awk '
    { print }
    $0 == "id = \"CN\"" { print "endpoint = \"http://adapter-cn:8080\"" }
    $0 == "id = \"KG\"" { print "endpoint = \"http://adapter-kg:8080\"" }
' "$made/trust/participants.toml" > "$to/trust/participants.new"
mv "$to/trust/participants.new" "$to/trust/participants.toml"
echo "mint-workshop: WORKSHOP - NOT FOR PRODUCTION; keys are made and valid for 30 days"
