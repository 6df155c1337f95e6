/**
 * The payloads of custom operations by name, for `op.invoke`. Empty here; a plugin adds to it:
 *
 *     declare module "limbeck" {
 *       interface CustomOperations {
 *         createFunction: { name: string; body: string };
 *       }
 *     }
 */
// An interface, because only an interface can be added to.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface CustomOperations {}
