"""A signed request by hand, as a shell script of the local platform."""


def signed_curl(base_url: str, api_key: str, secret: str) -> str:
    """A request to send from a shell, signed with v2: HMAC-SHA256 over all that it says."""
    return f"""  body='{{"user_id":"alice","amount":"10.00"}}'; nonce=$(openssl rand -hex 16)
  now=$(python3 -c 'import time; print(time.time_ns() // 1000000)'); digest=$(printf %s "$body" | openssl dgst -sha256 -r | cut -d' ' -f1)
  curl -s {base_url}/v1/wallet/topup -H 'Content-Type: application/json' -d "$body" \\
    -H 'X-API-Key: {api_key}' -H "X-Timestamp: $now" -H "X-Nonce: $nonce" -H "X-Content-SHA256: $digest" -H 'X-Signature-Version: 2' \\
    -H "X-Signature: $(printf 'PCX2\\nPOST\\n/v1/wallet/topup\\n\\n%s\\n%s\\n\\n%s' "$now" "$nonce" "$digest" |
      openssl dgst -sha256 -hmac '{secret}' -r | cut -d' ' -f1)\""""
