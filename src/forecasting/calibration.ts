export type Calibration = Record<string, never>
