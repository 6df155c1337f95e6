import * as fc from "../arbitrary/fast-check";
import { fileNameOf, slugOf } from "../../src/render/file-name";

const parts = {
  id: "1975ea83b712",
  message: "Add account table",
  now: new Date("2026-01-02T03:04:05.678Z"),
  template: "{rev}_{slug}",
  slugLength: 40,
  extension: ".ts",
};

describe("the name of a revision file", () => {
  it.each([
    ["has the id and the message", {}, "1975ea83b712_add_account_table.ts"],
    [
      "may begin with the time, in UTC",
      { template: "{year}{month}{day}{hour}{minute}{second}_{epoch}_{slug}" },
      "20260102030405_1767323045_add_account_table.ts",
    ],
    ["keeps what it does not know", { template: "{rev}-{what}" }, "1975ea83b712-{what}.ts"],
    ["is the id where there is no message", { message: "" }, "1975ea83b712.ts"],
    ["is the id where nothing else is left", { message: "!!!", template: "{slug}" }, "1975ea83b712.ts"],
    ["has no underscore before the id", { message: "", template: "{slug}_{rev}" }, "1975ea83b712.ts"],
    ["is none that Windows keeps for itself", { message: "aux", template: "{slug}" }, "aux_.ts"],
    ["is not hidden", { id: ".hidden", message: "" }, "hidden.ts"],
    ["takes no path from the id", { id: "../a:b*c", message: "" }, "a_b_c.ts"],
    ["has the extension of the project", { extension: ".mjs" }, "1975ea83b712_add_account_table.mjs"],
  ])("%s", (_title, change, name) => {
    expect(fileNameOf({ ...parts, ...change })).toBe(name);
  });

  it("is one that Windows, macOS and Linux accept, whatever the id and the message", () => {
    const input = fc.record({
      id: fc.stringMatching(/^[^@+\-:]{1,20}$/),
      message: fc.string({ unit: "binary" }),
    });
    fc.assert(
      fc.property(input, ({ id, message }) => {
        const name = fileNameOf({ ...parts, id: `a${id}`, message });
        expect(name).toMatch(/^[^<>:"/\\|?*\u0000-\u001f]+\.ts$/);
        expect(name).not.toMatch(/^\.|[ .]\.ts$/);
      }),
    );
  });
});

describe("a slug", () => {
  it.each([
    ["Add account table", 40, "add_account_table"],
    ["add account table", 12, "add_account"],
    ["add account table", 11, "add_account"],
    ["add account table", 10, "add"],
    ["incomprehensibilities", 5, "incom"],
    ["  drop: customer.name -> full_name!  ", 40, "drop_customer_name_full_name"],
    ["Größe ändern", 40, "größe_ändern"],
    ["cafe\u0301 au lait", 40, "café_au_lait"],
    ["テーブルを追加", 40, "テーブルを追加"],
    ["𠮷𠮷𠮷", 2, "𠮷𠮷"],
    ["", 40, ""],
  ])("of %j, at most %i long, is %j", (message, length, slug) => {
    expect(slugOf(message, length)).toBe(slug);
  });
});
