// Writes the README's pictures of the board, taken of a demo: node screenshots.mjs LINK FOLDER

import { chromium } from "playwright-core";

const [link, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"]) {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 640 } });
  await page.goto(link);
  await page.waitForSelector("#rooms tr button");
  await page.locator("#rooms tr[data-provider=realtimekit] button").first().click();
  await page.waitForSelector("#people-list li");
  await page.screenshot({ path: `${folder}/board-${colorScheme}.png` });
}
await browser.close();
