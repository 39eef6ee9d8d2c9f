/** Passkeys: what the browser's WebAuthn takes and gives, as the API names it. */

import { t } from "./texts.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** Whether this browser knows passkeys here: it needs HTTPS, or localhost. */
export const areKnown = () => window.isSecureContext && !/^[0-9.]+$/.test(location.hostname) && Boolean(navigator.credentials && window.PublicKeyCredential);

/** Make a passkey for a challenge of the API. */
export async function create(challenge) {
  const made = await asked(() => navigator.credentials.create({ publicKey: {
    challenge: bytes(challenge.challenge), rp: { id: challenge.rp_id, name: challenge.rp_name }, timeout: challenge.timeout_ms,
    user: { id: bytes(challenge.user_handle), name: challenge.email, displayName: challenge.name },
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: challenge.exclude.map((id) => ({ type: "public-key", id: bytes(id) })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" }, attestation: "none",
  } }));
  return { id: text(made.rawId), client_data_json: text(made.response.clientDataJSON), attestation_object: text(made.response.attestationObject) };
}

/** Sign a challenge of the API with a passkey that the person chooses. */
export async function sign(challenge) {
  const made = await asked(() => navigator.credentials.get({ publicKey: {
    challenge: bytes(challenge.challenge), rpId: challenge.rp_id, timeout: challenge.timeout_ms, userVerification: "required",
  } }));
  return {
    id: text(made.rawId), client_data_json: text(made.response.clientDataJSON), authenticator_data: text(made.response.authenticatorData),
    signature: text(made.response.signature), user_handle: text(made.response.userHandle),
  };
}

async function asked(ceremony) {
  try {
    return await ceremony();
  } catch (error) {
    if (error.name === "InvalidStateError") throw new Error(t("This device has a passkey of yours already."));
    throw new Error(t("No passkey was used. Try again, or choose another device."));
  }
}
