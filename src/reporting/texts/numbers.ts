import { inEveryLanguage, type Language } from '../../base/language.ts'

/** How numbers and days are written. */
type Numbers = {
  /** 541909 → `541,909`, `541.909`. */
  integer(value: number): string
  /** 0.1234 → `12.3%`, `12,3%`. */
  percent(share: number): string
  /** -0.052 → `-5.2%`, 0.052 → `+5.2%`, 0 → `0.0%`. */
  signedPercent(value: number): string
  /** Units of a product: whole from 10 on, one decimal below. 312.4 → `312`, 0.26 → `0.3`. */
  units(value: number): string
  /** An amount of money, in whatever currency: 1234.5 → `1,234.50`, `1.234,50`. */
  money(amount: number): string
  /** An ISO day: `2026-11-02`, `02/11/2026`. */
  day(iso: string): string
}

/** Each language's numbers, which do not depend on the machine that writes them. */
export const numbersIn = inEveryLanguage<Numbers>({
  en: numbers('en-US', (iso) => iso),
  'pt-BR': numbers('pt-BR', (iso) => iso.split('-').reverse().join('/')),
})

function numbers(locale: string, day: Numbers['day']): Numbers {
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
  return {
    integer,
    percent: formatted({ style: 'percent', ...oneDecimal }),
    signedPercent: formatted({ style: 'percent', signDisplay: 'exceptZero', ...oneDecimal }),
    units: (value) => (Math.abs(value) < 9.95 ? tenths : integer)(value),
    money: formatted({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    day,
  }
}

/** 1 → `1 day`, 12 → `12 days`; 1 → `1 dia`, 1200 → `1.200 dias`. */
export function countedIn(language: Language, count: number, one: string, more: string): string {
  return `${numbersIn[language].integer(count)} ${count === 1 ? one : more}`
}
