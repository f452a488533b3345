/** Encrypts what must be read again: AES-256-GCM under a key that only the application's secret gives. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

export interface Seal {
  /** `owner` is whose it is: a sealed text that is moved to another row cannot be opened there. */
  close(text: string, owner: string): string;
  /** Undefined: it was sealed under another secret, for another owner, or was changed. */
  open(sealed: string, owner: string): string | undefined;
}

/** `purpose` makes a key of its own, so that one secret can serve several purposes. */
export function sealFor(purpose: string, secret: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `holdfast ${purpose}`, 32));
  return {
    close: (text, owner) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed, 'base64');
      const cipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      });
      cipher.setAAD(Buffer.from(owner));
      cipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      const body = cipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8');
      try {
        return body + cipher.final('utf8');
      } catch {
        // Node says no more than that the tag is wrong, which is what undefined means.
        return undefined;
      }
    },
  };
}
