/** What is loaded later gives the same as what is loaded at once. */
import { lightly } from "../../src/loader/lightly";

const FACTORY = "/app/node_modules/typeorm/driver/DriverFactory.js";

test.each([
  ["a driver that TypeORM may choose", "./oracle/OracleDriver", FACTORY, 0],
  ["the same on Windows", "./oracle/OracleDriver", FACTORY.replaceAll("/", "\\"), 0],
  ["what else the factory needs", "../error/MissingDriverError", FACTORY, 1],
  [
    "what logged SQL is laid out with",
    "@sqltools/formatter",
    FACTORY.replace("driver/DriverFactory", "platform/PlatformTools"),
    0,
  ],
  ["a driver that something else asks for", "./oracle/OracleDriver", "/app/OracleDriverFactory.js", 1],
  ["a driver that nobody is known to ask for", "./oracle/OracleDriver", undefined, 1],
])("%s is loaded when it must be", (_name, request, from, atOnce) => {
  class OracleDriver {}
  const load = jest.fn(() => ({ OracleDriver }));
  const given = lightly(request, from, load) as { readonly OracleDriver: typeof OracleDriver };
  expect(load).toHaveBeenCalledTimes(atOnce);
  expect("OracleDriver" in given).toBe(true);
  expect(new given.OracleDriver()).toBeInstanceOf(OracleDriver);
  expect(load).toHaveBeenCalledTimes(1);
});

describe("pg", () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  afterEach(() => {
    Reflect.deleteProperty(globalThis, "navigator");
    if (own) Object.defineProperty(globalThis, "navigator", own);
  });
  const userAgent = (): unknown =>
    (globalThis as { readonly navigator?: { readonly userAgent: string } }).navigator?.userAgent;

  test("sees a navigator while it loads, and nobody afterwards", () => {
    Reflect.deleteProperty(globalThis, "navigator");
    expect(lightly("pg", "/app/index.js", userAgent)).toBe(`Node.js/${process.versions.node}`);
    expect("navigator" in globalThis).toBe(false);
  });

  test("leaves none behind where it cannot be loaded", () => {
    Reflect.deleteProperty(globalThis, "navigator");
    const load = (): never => {
      throw new Error("there is no pg");
    };
    expect(() => lightly("pg", undefined, load)).toThrow("there is no pg");
    expect("navigator" in globalThis).toBe(false);
  });

  test("sees the navigator that is there", () => {
    Object.defineProperty(globalThis, "navigator", { configurable: true, value: { userAgent: "own" } });
    expect(lightly("pg", undefined, userAgent)).toBe("own");
    expect(userAgent()).toBe("own");
  });
});
