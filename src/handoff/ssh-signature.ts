import { createHash, createPublicKey, verify, type JsonWebKey, type KeyObject } from "node:crypto";

const namespace = "m365-offline";
const magic = "SSHSIG";

/** Fields of the form that SSH writes: each has its length before it. */
function reader(bytes: Buffer): { readonly next: () => Buffer; readonly skip: (count: number) => void } {
  let at = 0;
  return {
    skip: (count) => void (at += count),
    next: () => {
      const length = bytes.readUInt32BE(at);
      const end = at + 4 + length;
      if (end > bytes.length) throw new RangeError("a field is longer than what holds it");
      const field = bytes.subarray(at + 4, end);
      at = end;
      return field;
    },
  };
}

function write(...fields: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Whose key may sign: lines of an `allowed_signers` file of OpenSSH for one name, without patterns, validity or authorities. */
function keysOf(signers: string, identity: string): readonly string[] {
  return signers.split(/\r?\n/).flatMap((line) => {
    const [, names = "", options = "", key = ""] =
      /^([^#\s]\S*)\s+(?:(\S+)\s+)?(?:ssh-|ecdsa-)\S+\s+([A-Za-z0-9+/=]+)/.exec(line) ?? [];
    const isFor = options === "" || options === `namespaces="${namespace}"`;
    return isFor && names.split(",").includes(identity) ? [key] : [];
  });
}

/** What is wrong with a signature by `ssh-keygen -Y sign -n m365-offline`; undefined where it holds. */
export function findSignatureFault(
  message: Buffer,
  armoured: string,
  { signers, identity }: { readonly signers: string; readonly identity: string },
): "signature_bad" | "signer_unknown" | undefined {
  try {
    const [, text = ""] =
      /^-----BEGIN SSH SIGNATURE-----\s([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*$/.exec(armoured) ??
      [];
    const bytes = Buffer.from(text, "base64");
    if (bytes.toString("latin1", 0, 6) !== magic || bytes.readUInt32BE(6) !== 1) return "signature_bad";
    const { next, skip } = reader(bytes);
    skip(10);
    const [key, name, reserved, hashName, signature] = [next(), next(), next(), next(), next()] as const;
    if (name.toString() !== namespace || !/^sha(?:256|512)$/.test(hashName.toString()))
      return "signature_bad";
    const hash = createHash(hashName.toString()).update(message).digest();
    const signed = Buffer.concat([Buffer.from(magic), write(name, reserved, hashName, hash)]);
    if (!isSignedBy(key, signed, signature)) return "signature_bad";
    return keysOf(signers, identity).includes(key.toString("base64")) ? undefined : "signer_unknown";
  } catch {
    // Bytes that are no signature, or of a kind that is not known here.
    return "signature_bad";
  }
}

const curves: Readonly<
  Record<string, { readonly crv: string; readonly bytes: number; readonly hash: string }>
> = {
  "ecdsa-sha2-nistp256": { crv: "P-256", bytes: 32, hash: "sha256" },
  "ecdsa-sha2-nistp384": { crv: "P-384", bytes: 48, hash: "sha384" },
  "ecdsa-sha2-nistp521": { crv: "P-521", bytes: 66, hash: "sha512" },
};

function isSignedBy(keyBytes: Buffer, signed: Buffer, signatureBytes: Buffer): boolean {
  const key = reader(keyBytes);
  const signature = reader(signatureBytes);
  const [type, kind] = [key.next().toString(), signature.next().toString()];
  const value = signature.next();
  if (type === "ssh-ed25519" && kind === type)
    return verify(
      null,
      signed,
      toKey({ kty: "OKP", crv: "Ed25519", x: key.next().toString("base64url") }),
      value,
    );
  if (type === "ssh-rsa" && /^rsa-sha2-(?:256|512)$/.test(kind)) {
    const [e, n] = [key.next(), key.next()].map((field) => unsigned(field).toString("base64url"));
    return verify(kind.replace("rsa-sha2-", "sha"), signed, toKey({ kty: "RSA", e, n } as JsonWebKey), value);
  }
  const curve = curves[type];
  if (curve === undefined || kind !== type) return false;
  key.next();
  const point = key.next();
  const { crv, bytes, hash } = curve;
  if (point.length !== 1 + 2 * bytes || point[0] !== 4) return false;
  const [x, y] = [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)].map((half) =>
    half.toString("base64url"),
  );
  const numbers = reader(value);
  const halves = [numbers.next(), numbers.next()].map((half) =>
    Buffer.concat([Buffer.alloc(Math.max(0, bytes - unsigned(half).length)), unsigned(half)]),
  );
  const options = { key: toKey({ kty: "EC", crv, x, y } as JsonWebKey), dsaEncoding: "ieee-p1363" } as const;
  return verify(hash, signed, options, Buffer.concat(halves));
}

function toKey(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: "jwk" });
}

/** Without the zero before a number whose first bit is set. */
function unsigned(field: Buffer): Buffer {
  return field[0] === 0 ? field.subarray(1) : field;
}
