// The page in headless Chromium, as somebody uses it: environment BROWSER, URL, and PICTURES, a folder for
// screenshots. Run in a folder whose node_modules has playwright-core and axe-core.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runAll, test } from "./cases.mjs";

const require = createRequire(process.cwd() + "/");
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const home = process.env.URL.replace(/\/$/, "") + "/docs";
const pictures = process.env.PICTURES;
const BIG = "9007199254740993"; // 2^53 + 1

const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
let context;
let noise;

// A new page of the present context; whatever it says on the console is a mistake.
async function open(hash = "", options = {}, from = home) {
  context ??= await browser.newContext({ viewport: { width: 1360, height: 900 },
                                         permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  page.on("console", (message) => {
    // Chromium itself reports statuses of 400 and more; the page shows them.
    if (!/the server responded with a status of/.test(message.text())) noise.push(message.text());
  });
  page.on("pageerror", (error) => noise.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(from).origin) && !request.url().startsWith("data:")) noise.push(request.url());
  });
  await page.goto(from + hash);
  await page.waitForSelector("main h1");
  return page;
}

// To another place, as by a link.
async function go(page, hash) {
  await page.evaluate((to) => {
    document.querySelector("main").replaceChildren();
    location.hash = to;
    if (!document.querySelector("main h1")) window.dispatchEvent(new Event("hashchange"));
  }, hash);
  await page.waitForSelector("main h1");
}

const editor = (page) => page.getByRole("textbox", { name: "Arguments as JSON" });
const heading = (page) => page.locator("main h1").textContent();
const reply = (page) => page.getByRole("region", { name: "Reply" });
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

async function send(page) {
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".reply-top .status").waitFor();
  await page.locator(".reply:not([aria-busy])").waitFor();
}

test("the overview lists services and methods with their documentation", async () => {
  const page = await open();
  const shop = page.getByRole("region", { name: "Shop" });
  await shop.getByRole("link", { name: /^place Places an order/ }).waitFor();
  assert.match(await page.locator("main").textContent(), /The shop as its customers' programs see it/);
});

test("a method is found by its name, with the keyboard alone, called, and its reply read", async () => {
  const page = await open();
  await page.keyboard.press("/");
  await page.keyboard.type("product");
  await page.locator("#found [aria-selected=true]").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/call\/Shop\/product$/);
  assert.equal(await heading(page), "product");
  assert.deepEqual(JSON.parse(await editor(page).inputValue()), { id: "00000000-0000-0000-0000-000000000000" });
  await editor(page).focus();
  await page.keyboard.press("Control+Enter");
  await page.locator(".reply-top .status").waitFor();
  assert.match(await page.locator(".reply-top .status").textContent(), /^200/);
  assert.match(await page.locator(".numbers").textContent(), /\d m?s · \d+ B/);
  const body = await page.getByRole("region", { name: "Body of the reply" }).textContent();
  assert.ok(body.includes(`"amount": ${BIG}`), body);
  assert.ok(body.includes('"currency": "JPY"'), body);
  // What services send is text, whatever it looks like.
  assert.ok(body.includes("<img src=x onerror=alert(1)>"), body);
  assert.equal(await page.locator("main img").count(), 0);
  await page.getByText(/^Headers \(\d+\)$/).click();
  await page.locator(".headers-got dt", { hasText: "content-type" }).waitFor();
});

test("a declared exception is shown with its name, its type and its status", async () => {
  const page = await open("#/call/Shop/place");
  await page.getByRole("button", { name: "All fields" }).click();
  await send(page);
  const status = Number((await page.locator(".reply-top .status").textContent()).slice(0, 3));
  assert.ok(status >= 400, status);
  assert.match(await reply(page).locator(".raised").textContent(), /exception sold_out OutOfStock/);
  assert.match(await page.getByRole("region", { name: "Body of the reply" }).textContent(), /"left": 3/);
  await reply(page).getByRole("link", { name: "OutOfStock" }).click();
  assert.equal(await heading(page), "OutOfStock");
});

test("mistakes are told while one writes, and by the gateway", async () => {
  const page = await open("#/call/Shop/search");
  await editor(page).fill('{\n  "wrods": "x"\n}');
  const problems = page.locator(".problems li");
  assert.match(await problems.first().textContent(), /^2:3 `search` has no field `wrods`; did you mean `words`\?$/);
  await page.getByRole("button", { name: "go to line 2, column 3" }).click();
  assert.equal(await editor(page).evaluate((area) => area.selectionStart), 4);
  await send(page);
  assert.match(await page.locator(".reply-top .status").textContent(), /^400/);
  assert.match(await page.getByRole("region", { name: "Body of the reply" }).textContent(), /wrods/);
});

test("a request that is filled in can be shared by its link", async () => {
  const page = await open("#/call/Shop/stock");
  const request = '{"products": ["5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"], "odd": "?&#%/é"}';
  await editor(page).fill(request);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("The link copied").waitFor();
  const link = await clipboard(page);
  const other = await open();
  await other.goto(link);
  await editor(other).waitFor();
  assert.equal(await editor(other).inputValue(), request);
  assert.equal(await heading(other), "stock");
});

test("a call is copied as curl that runs, and as a thriftpp call", async () => {
  const page = await open("#/call/Shop/product");
  await editor(page).fill('{"id": "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"}');
  await page.getByText("Headers", { exact: true }).click();
  await page.getByRole("textbox", { name: "Request headers" }).fill("X-Note: it's");
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("The command copied").waitFor();
  const command = await clipboard(page);
  assert.ok(command.includes(`-H 'X-Note: it'\\''s'`), command);
  let out = "";
  try {
    out = execFileSync("sh", ["-c", `${command} -s`], { encoding: "utf8" });
  } catch (error) {
    if (error.status !== 127) throw error; // no curl here
  }
  if (out) assert.ok(out.includes(BIG), out);
  await page.getByRole("button", { name: "Copy as thriftpp" }).click();
  // It says the same as before.
  await page.waitForFunction(async (old) => (await navigator.clipboard.readText()) !== old, command);
  const call = await clipboard(page);
  assert.match(call, /^thriftpp call \S*shop\.thrift Shop\.product '\{"id":"5e2ab188[^']*"\}' --to '?tcp:/);
});

test("calls are remembered over a reload, and brought back by a click", async () => {
  const page = await open("#/call/Shop/product");
  const request = '{"id": "11111111-1726-4e75-a04f-1ed9a6a89c4c"}';
  await editor(page).fill(request);
  await send(page);
  await page.goto(home + "#/history");
  await page.reload();
  await page.getByRole("link", { name: /Shop\.product.*11111111/ }).click();
  await editor(page).waitFor();
  assert.equal(await editor(page).inputValue(), request);
  await page.getByText("Earlier calls").click();
  await page.goto(home + "#/history");
  await page.getByRole("button", { name: "Forget all" }).click();
  await page.getByText("Nothing was sent from this browser yet.").waitFor();
});

test("types link to those that they hold, and back to what uses them", async () => {
  const page = await open("#/type/shop.Order");
  await page.locator("main").getByRole("link", { name: "Payment" }).click();
  await page.locator("main h1", { hasText: "Payment" }).waitFor();
  await page.locator("main").getByRole("link", { name: "Voucher" }).click();
  await page.locator("main h1", { hasText: "Voucher" }).waitFor();
  await page.locator("main").getByRole("link", { name: "Money" }).click();
  await page.locator("main h1", { hasText: "Money" }).waitFor();
  assert.match(await page.locator("main").textContent(), /An amount of money, exact\./);
  await page.goBack();
  await page.locator("main h1", { hasText: "Voucher" }).waitFor();
  await page.locator(".uses").getByRole("link", { name: "Payment" }).waitFor();
});

test("an address that names nothing says so", async () => {
  const page = await open();
  for (const hash of ["#/call/Shop/nothing", "#/type/x", "#/%E0%A4%A", "#/other"]) {
    await go(page, hash);
    assert.match(await heading(page), /not here|damaged/);
  }
});

const PLACES = ["", "#/call/Shop/place", "#/call/Shop/product", "#/type/shop.Order", "#/type/shop.State", "#/service/Shop",
                "#/constant/shop.SHIPPING", "#/history"];

test("every control has a name in the accessibility tree", async () => {
  const page = await open();
  const session = await context.newCDPSession(page);
  for (const hash of PLACES) {
    await go(page, hash);
    if (hash.includes("/call/")) await send(page);
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const controls = nodes.filter((node) => !node.ignored &&
      /^(button|link|textbox|searchbox|combobox|checkbox|DisclosureTriangle|listbox|option|menuitem|tab)$/.test(node.role?.value));
    assert.ok(controls.length > 10, `${controls.length} at ${hash}`);
    const nameless = controls.filter((node) => !node.name?.value?.trim()).map((node) => node.role.value);
    assert.deepEqual(nameless, [], hash);
  }
});

test("axe finds nothing to say, in light and dark", async () => {
  const page = await open();
  await page.evaluate(axe);
  for (const hash of PLACES) {
    await go(page, hash);
    if (hash.includes("/call/")) {
      await editor(page).fill('{"x": tru');
      await send(page);
    }
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const found = await page.evaluate(() => window.axe.run());
      const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 5)}`);
      assert.deepEqual(told, [], `${hash} ${colorScheme}`);
    }
  }
});

test("the page fits a narrow screen, where the list is behind a button", async () => {
  const page = await open();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const hash of PLACES) {
    await go(page, hash);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(wide <= room, `${hash}: ${wide} of ${room}`);
  }
  const link = page.locator("#tree").getByRole("link", { name: "place" });
  assert.equal(await link.isVisible(), false);
  await page.getByRole("button", { name: "Services and types" }).click();
  await link.click();
  await page.locator("main h1", { hasText: "place" }).waitFor();
  assert.equal(await link.isVisible(), false);
});

test("where a token is needed the page asks for it, and calls by annotated routes", async () => {
  if (!process.env.GUARDED) return; // a server of somebody's own
  const page = await open("#/call/Annotated/get", {}, process.env.GUARDED + "/docs");
  assert.equal(await heading(page), "A token is needed");
  await page.getByLabel("Bearer token").fill("sesame");
  await page.keyboard.press("Enter");
  await editor(page).waitFor();
  await editor(page).fill('{"query": {"id": "a/b", "limit": 5}}');
  await page.getByRole("combobox", { name: "Route" }).selectOption({ label: "GET /items/{id}" });
  await send(page);
  assert.match(await page.locator(".reply-top .status").textContent(), /^203/);
  assert.equal(JSON.parse(await page.getByRole("region", { name: "Body of the reply" }).textContent()).message, "hello");
  await page.locator(".reply").getByText(/^Headers \(\d+\)$/).click();
  await page.locator(".headers-got dd", { hasText: "fresh" }).waitFor();
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("The command copied").waitFor();
  const command = await clipboard(page);
  assert.match(command, /^curl '?http:[^ ]*\/items\/a%2Fb\?limit=5'? -H 'Authorization: Bearer sesame'$/);
});

test("a field that goes into a cookie is sent as one, and the cookie is gone afterwards", async () => {
  if (!process.env.GUARDED) return;
  const page = await open("#/call/Annotated/get", {}, process.env.GUARDED + "/docs");
  await page.getByLabel("Bearer token").fill("sesame");
  await page.keyboard.press("Enter");
  await editor(page).fill('{"query": {"id": "1", "session": "a; b"}}');
  await page.getByRole("combobox", { name: "Route" }).selectOption({ label: "GET /items/{id}" });
  const [request] = await Promise.all([page.waitForRequest(/items/), send(page)]);
  assert.equal((await request.allHeaders()).cookie, "session=a%3B%20b");
  assert.equal(await page.evaluate(() => document.cookie), "");
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("The command copied").waitFor();
  assert.match(await clipboard(page), / -b session=a%3B%20b/);
});

test("a page that is open says when the services have changed", async () => {
  if (!process.env.CHANGING) return;
  const page = await open("", {}, process.env.CHANGING + "/docs");
  const notice = page.getByText("The services have changed since this page was read.");
  assert.equal(await notice.isVisible(), false);
  const idl = readFileSync(process.env.IDL, "utf8");
  writeFileSync(process.env.IDL, idl.replace(/service Shop [^{]*{/, "$&\n  i32 bottles() "));
  await notice.waitFor();
  await page.getByRole("button", { name: "Read it anew" }).click();
  await page.getByRole("region", { name: "Shop" }).getByRole("link", { name: /^bottles/ }).waitFor();
  assert.equal(await notice.isVisible(), false);
});

test("pictures are taken", async () => {
  if (!pictures) return;
  const page = await open();
  for (const [name, hash, width, height, colorScheme] of [
    ["overview-light", "", 1440, 900, "light"], ["overview-dark", "", 1440, 900, "dark"],
    ["method-light", "#/call/Shop/place", 1440, 1000, "light"], ["method-dark", "#/call/Shop/product", 1440, 1000, "dark"],
    ["type-light", "#/type/shop.Product", 1280, 900, "light"], ["type-dark", "#/type/shop.Order", 1280, 900, "dark"],
    ["narrow-light", "#/call/Shop/product", 390, 1500, "light"], ["narrow-dark", "#/service/Shop", 390, 844, "dark"]]) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await go(page, hash);
    if (hash.includes("/call/")) await send(page);
    await page.screenshot({ path: `${pictures}/${name}.png` });
  }
});

await runAll(async (run) => {
  context = undefined;
  noise = [];
  try {
    await run();
    assert.deepEqual(noise, []);
  } finally {
    await context?.close();
  }
});
await browser.close();
