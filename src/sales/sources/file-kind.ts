import { UserError } from '../../base/errors.ts'

/** Bytes from the start of a file that `refuseOtherKinds` needs to see. */
export const KIND_BYTES = 4096

/**
 * Throws a `UserError` that says what a file is and what to do, where its first bytes are those of a
 * spreadsheet, a page, a pointer or anything else that people take for CSV.
 */
export function refuseOtherKinds(head: Buffer, file: string): void {
  const kind = KINDS.find(({ is }) => is(head))
  if (kind !== undefined) throw new UserError(kind.what, { file, remedy: kind.remedy })
}

type Kind = { is: (head: Buffer) => boolean; what: string; remedy: string }

const FROM_SPREADSHEET = 'Open it in the spreadsheet, and save the sheet as "CSV UTF-8".'
const AS_CSV = 'Save it as CSV with the names of the columns in the first line, and rows below it.'

const KINDS: Kind[] = [
  {
    is: startsWith('PK\x03\x04', 'PK\x05\x06'),
    what: 'is an Excel workbook (.xlsx) or a zip archive, not CSV',
    remedy: `${FROM_SPREADSHEET} An archive has to be unpacked first.`,
  },
  {
    is: startsWith('\xD0\xCF\x11\xE0'),
    what: 'is an old Excel workbook (.xls), not CSV',
    remedy: FROM_SPREADSHEET,
  },
  {
    is: startsWith('version https://git-lfs.github.com/'),
    what: 'is a Git LFS pointer: it stands in the place of the file',
    remedy: 'Run git lfs pull; in a workflow, give actions/checkout lfs: true.',
  },
  {
    is: startsWith('\x1F\x8B'),
    what: 'is packed with gzip, but its name does not say so',
    remedy: 'Give it a name that ends in .csv.gz.',
  },
  { is: startsWith('%PDF'), what: 'is a PDF, not CSV', remedy: AS_CSV },
  {
    is: startsWith('PAR1'),
    what: 'is a Parquet file, not CSV',
    remedy:
      'Give Parquet apart from CSV, or write it as CSV, such as with pandas: read_parquet(…).to_csv(…, index=False).',
  },
  {
    is: startsWith('\xFF\xFE', '\xFE\xFF'),
    what: 'is UTF-16, as Excel writes "Unicode Text"',
    remedy: 'Save it as "CSV UTF-8", or convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW.csv',
  },
  {
    is: (head) => /^\s*(<!doctype html|<html|<table|<head|<style)/i.test(textOf(head)),
    what: 'is a web page (HTML) under another name, as some systems export "Excel"',
    remedy: FROM_SPREADSHEET,
  },
  {
    is: (head) => /^\s*<(\?xml|[a-z]+[ >])/i.test(textOf(head)),
    what: 'is XML, not CSV',
    remedy: AS_CSV,
  },
  {
    is: (head) => /^\s*(\{\s*["}]|\[\s*[[{\]"])/.test(textOf(head)),
    what: 'is JSON, not CSV',
    remedy: 'Write it as CSV, such as with pandas: read_json(…).to_csv(…, index=False).',
  },
]

function startsWith(...starts: string[]): Kind['is'] {
  return (head) => starts.some((start) => head.toString('latin1', 0, start.length) === start)
}

function textOf(head: Buffer): string {
  return head.toString('utf8').replace(/^\uFEFF/, '')
}
