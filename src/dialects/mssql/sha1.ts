/** SHA-1 (FIPS 180-4), for names only: this room imports nothing of Node, and TypeORM's names are made of it. */

/** The digest of a text in UTF-8, as hexadecimal digits. */
export function sha1(text: string): string {
  const message = padded(new TextEncoder().encode(text));
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let offset = 0; offset < message.byteLength; offset += 64) state = compress(state, message, offset);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

type State = readonly [number, number, number, number, number];

/** A one bit, zeros up to a multiple of 64 bytes, and the length in bits in the last eight. */
function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const view = new DataView(new ArrayBuffer(length));
  bytes.forEach((byte, index) => {
    view.setUint8(index, byte);
  });
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(length - 8, BigInt(bytes.length) * 8n);
  return view;
}

function compress(state: State, message: DataView, offset: number): State {
  const words = Array.from({ length: 16 }, (_, index) => message.getInt32(offset + index * 4));
  const word = (index: number): number => words[index] ?? 0;
  for (let index = 16; index < 80; index++) {
    words.push(rotated(word(index - 3) ^ word(index - 8) ^ word(index - 14) ^ word(index - 16), 1));
  }
  let [a, b, c, d, e] = state;
  for (let index = 0; index < 80; index++) {
    const [mixed, constant] = round(index, b, c, d);
    const next = (rotated(a, 5) + mixed + e + constant + word(index)) | 0;
    [a, b, c, d, e] = [next, a, rotated(b, 30), c, d];
  }
  return [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0, (state[4] + e) | 0];
}

function round(index: number, b: number, c: number, d: number): readonly [number, number] {
  if (index < 20) return [(b & c) | (~b & d), 0x5a827999];
  if (index < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (index < 60) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
