import { describe, expect, it, test } from 'vitest'
import { doctorText } from '../../../src/commands/doctor-text.ts'
import { repositoryOf } from '../../../src/github/remote.ts'
import type { CheckupGroup } from '../../../src/steps/setup/doctor.ts'
import { naughty } from '../reporting/examples.ts'

describe('what doctor says', () => {
  it('shows an owner what is left to do, with the page on which it is done, as last approved', async () => {
    await expect(doctorText(groups())).toMatchFileSnapshot('__golden__/doctor.txt')
  })

  it('ends with nothing to do where nothing is, without claiming to know what is hidden', () => {
    const [folder, github] = groups()
    const known = [...folder.checkups, ...github.checkups].filter(({ state }) => state !== 'to do')
    expect(doctorText([{ title: 'All', checkups: known }])).toMatch(
      /\nNothing to do; 1 of 2 set up, 1 not known\.\n$/,
    )
  })

  test.each(naughty)('no name of a branch or check moves the cursor: $what', ({ text }) => {
    const [folder] = groups()
    const checkups = folder.checkups.map((checkup) => ({ ...checkup, detail: text }))
    expect(doctorText([{ title: text, checkups }])).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u)
  })
})

describe('the repository on GitHub', () => {
  it.each([
    ['https://github.com/shop/demand.git', 'shop/demand'],
    ['https://github.com/shop/demand', 'shop/demand'],
    ['https://maria:secret@github.com/shop/demand.git/', 'shop/demand'],
    ['git@github.com:shop/demand.forecasts.git', 'shop/demand.forecasts'],
    ['ssh://git@github.com/shop/demand.git', 'shop/demand'],
    ['https://gitlab.com/shop/demand.git', undefined],
    ['https://github.com.example.org/shop/demand.git', undefined],
    ['/srv/git/shop/demand.git', undefined],
  ])('is told from the remote %s', (url, repository) => {
    expect(repositoryOf(url)).toBe(repository)
  })
})

function groups(): CheckupGroup[] {
  return [
    {
      title: 'In this folder',
      checkups: [
        { name: 'recipe', state: 'passed', detail: '10 weeks ahead, holidays of BR' },
        {
          name: 'sales',
          state: 'to do',
          detail: 'they are those that the template ships',
          remedy: 'Put your own in their place: npx cd4ml init',
        },
      ],
    },
    {
      title: 'On GitHub',
      checkups: [
        {
          name: 'required checks',
          state: 'to do',
          detail: 'not required to pass: ci',
          remedy: 'Require them in the ruleset for main.',
          url: 'https://github.com/shop/demand/settings/rules',
        },
        {
          name: 'GitHub App',
          state: 'unknown',
          detail: 'the token may not see whether there is one',
          remedy: 'Both must be set.',
          url: 'https://github.com/shop/demand/settings/secrets/actions',
        },
      ],
    },
  ]
}
