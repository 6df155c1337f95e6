/** What a refused connection tells to do, by the code of the driver. */
import { connectionFailure } from "../../src/runtime/connection-failure";

const thrown = (code: string, message = "refused"): Error => Object.assign(new Error(message), { code });

test.each<[string, unknown, RegExp]>([
  ["an unknown database of PostgreSQL", thrown("3D000"), /^create the database/],
  ["an unknown database of MySQL", thrown("ER_BAD_DB_ERROR"), /^create the database/],
  ["a refused password of PostgreSQL", thrown("28P01"), /^check user and password/],
  ["a refused password of MySQL", thrown("ER_ACCESS_DENIED_ERROR"), /^check user and password/],
  ["no server", thrown("ECONNREFUSED"), /^start the server/],
  [
    "no server, as SQL Server's driver says it",
    thrown("ESOCKET", "connect ECONNREFUSED ::1"),
    /^start the server/,
  ],
  ["an unknown host", thrown("ENOTFOUND"), /^correct the host/],
  ["no answer", thrown("ETIMEDOUT"), /^check host and port/],
  ["what TypeORM wraps", { driverError: thrown("3D000") }, /^create the database/],
  ["anything else", new Error("no"), /^check that the server runs/],
])("%s", (_what, error, hint) => {
  expect(connectionFailure(error).hint).toMatch(hint);
});

test("a password that is missing is said in words", () => {
  const said = "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string";
  expect(connectionFailure(new Error(said))).toEqual({
    reason: "the server wants a password, and the data source has none",
    hint: expect.stringContaining("a variable that is not set") as string,
  });
});

test("an error of several addresses, which has no message, is told by its code", () => {
  const error = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  expect(connectionFailure(error).reason).toBe("ECONNREFUSED");
});
