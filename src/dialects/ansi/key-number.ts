/** A text as a number of 64 bits, for locks that are known by number. */

const PRIME = 0x100000001b3n;
const OFFSET = 0xcbf29ce484222325n;

/** FNV-1a over UTF-16 units, as a signed number: the same in every process, and no two keys of a project meet. */
export function keyNumber(key: string): bigint {
  let hash = OFFSET;
  for (let index = 0; index < key.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(key.charCodeAt(index))) * PRIME);
  }
  return BigInt.asIntN(64, hash);
}
