import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { succeed } from '../project.ts'
import { temporaryFolder } from '../repository.ts'
import { quickTemplate } from '../simulated-chain.ts'
import { hasChromium, openPage, viewports } from './chromium.ts'

/** Runs with `--mode pictures` alone. */
const { PICTURES } = process.env

/** What people buy becomes another from week to week. */
const BREAK = ['--weeks', '30', '--break', '0.5@10']

it.skipIf(!hasChromium)(
  'the dashboard of a chain that lived through a break has its picture taken',
  async () => {
    const chain = join(await temporaryFolder(), 'chain')
    await succeed(await quickTemplate(), ['simulate', '--out', chain, '--products', '20', ...BREAK])
    await succeed(chain, ['dashboard'])
    const page = await openPage({ viewport: viewports.desktop })
    await page.goto(pathToFileURL(join(chain, '.cd4ml', 'dashboard', 'index.html')).href)
    expect(await page.locator('svg.chart').first().isVisible()).toBe(true)
    const path = join(PICTURES!, 'dashboard-en.png')
    await page.screenshot({ path, animations: 'disabled', fullPage: true })
  },
)
