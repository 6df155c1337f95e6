/**
 * To be imported before any entity: what decorators say goes to the one storage of a process, whose class is that of the
 * copy of TypeORM that asked first, and only 0.3's has all that both lines ask for.
 */
import { getMetadataArgsStorage } from "typeorm-0.3";

getMetadataArgsStorage();
