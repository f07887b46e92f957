import { cp, mkdir } from 'node:fs/promises'
