import { inEveryLanguage, type Language } from '../../base/language.ts'

/** How numbers and days are written. */
type Numbers = {
  /** 541909 → `541,909`, `541.909`. */
  integer(value: number): string
  /** 0.1234 → `12.3%`, `12,3%`. */
  percent(share: number): string
  /** -0.052 → `-5.2%`, 0.052 → `+5.2%`, 0 → `0.0%`. */
  signedPercent(value: number): string
  /** A difference in percentage points: -0.012 → `-1.2 pp`, `-1,2 p.p.`. */
  signedPoints(value: number): string
  /** A confidence, without hiding how near to 1 it is: 0.95 → `95%`, 0.99821 → `99.82%`. */
  level(confidence: number): string
  /** A loss, which has no unit: 0.2 → `0.2000`, `0,2000`. */
  loss(value: number): string
  /** As exact as a file has it: 1234567.5 → `1,234,567.5`. */
  amount(value: number): string
  /** Units of a product: whole from 10 on, one decimal below. 312.4 → `312`, 0.26 → `0.3`. */
  units(value: number): string
  /** An amount of money, in whatever currency: 1234.5 → `1,234.50`, `1.234,50`. */
  money(amount: number): string
  /** An ISO day: `2026-11-02`, `02/11/2026`. */
  day(iso: string): string
}

const MOST_DIGITS = 12

/** Each language's numbers, which do not depend on the machine that writes them. */
export const numbersIn = inEveryLanguage<Numbers>({
  en: numbers('en-US', { day: (iso) => iso, points: 'pp' }),
  'pt-BR': numbers('pt-BR', { day: (iso) => iso.split('-').reverse().join('/'), points: 'p.p.' }),
})

function numbers(
  locale: string,
  { day, points }: { day: Numbers['day']; points: string },
): Numbers {
  const formatted = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(locale, {
      useGrouping: true,
      signDisplay: 'negative',
      ...options,
    })
    return (value: number) => format.format(value)
  }
  const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  const integer = formatted({ maximumFractionDigits: 0 })
  const tenths = formatted({ maximumFractionDigits: 1 })
  const signedTenths = formatted({ signDisplay: 'exceptZero', ...oneDecimal })
  const upTo = formatted({ maximumFractionDigits: MOST_DIGITS })
  return {
    integer,
    percent: formatted({ style: 'percent', ...oneDecimal }),
    signedPercent: formatted({ style: 'percent', signDisplay: 'exceptZero', ...oneDecimal }),
    signedPoints: (value) => `${signedTenths(value * 100)} ${points}`,
    level: (confidence) => `${upTo(roundedLevel(confidence))}%`,
    loss: formatted({ minimumFractionDigits: 4, maximumFractionDigits: 4 }),
    amount: formatted({ maximumFractionDigits: 3 }),
    units: (value) => (Math.abs(value) < 9.95 ? tenths : integer)(value),
    money: formatted({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    day,
  }
}

/** In percent, with one digit beyond its nines. */
function roundedLevel(confidence: number): number {
  const nines = confidence < 1 ? Math.ceil(-Math.log10(1 - confidence)) - 1 : 0
  return Number((confidence * 100).toFixed(Math.min(Math.max(1, nines), MOST_DIGITS)))
}

/** 1 → `1 day`, 12 → `12 days`; 1 → `1 dia`, 1200 → `1.200 dias`. */
export function countedIn(language: Language, count: number, one: string, more: string): string {
  return `${numbersIn[language].integer(count)} ${count === 1 ? one : more}`
}
