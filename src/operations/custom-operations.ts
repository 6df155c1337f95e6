/**
 * The payloads of custom operations by name, for `op.invoke`. Empty here; a plugin adds to it:
 *
 * ```ts signature
 * declare module "limbeck" {
 *   interface CustomOperations {
 *     createFunction: { name: string; body: string };
 *   }
 * }
 * ```
 */
export interface CustomOperations {}
