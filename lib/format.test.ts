import { expect, test } from "bun:test"
import {
  formatDate,
  formatDuration,
  formatInstant,
  formatMoney,
  formatMonth,
  formatPercent,
  formatPeriod,
  formatSize,
} from "./format.ts"

const plain = (text: string) => text.replaceAll("\u00a0", " ")

test.each([
  [0, "R$ 0,00", "R$0.00"],
  [5, "R$ 0,05", "R$0.05"],
  [123_456, "R$ 1.234,56", "R$1,234.56"],
  [-3_000, "-R$ 30,00", "-R$30.00"],
  [100_000_000_001, "R$ 1.000.000.000,01", "R$1,000,000,000.01"],
])("money: %d cents", (cents, inPortuguese, inEnglish) => {
  expect(plain(formatMoney(cents, "pt-BR"))).toBe(inPortuguese)
  expect(formatMoney(cents, "en")).toBe(inEnglish)
})

test("a day is the same wherever it is written", () => {
  expect(formatDate("2026-03-01", "pt-BR")).toBe("1 de março de 2026")
  expect(formatDate("2026-03-01", "en", "full")).toBe("Sunday, March 1, 2026")
  expect(formatMonth("2026-12", "pt-BR")).toBe("dezembro de 2026")
})

test("a period says once what its ends have in common", () => {
  expect(plain(formatPeriod("2026-01-01", "2026-01-31", "pt-BR"))).toBe("1 a 31 de janeiro de 2026")
  expect(plain(formatPeriod("2025-12-29", "2026-01-04", "en"))).toBe("December 29, 2025 – January 4, 2026")
  expect(formatPeriod("2026-01-31", "2026-01-31", "pt-BR")).toBe("31 de janeiro de 2026")
})

test("a moment is told by the clock of its zone, on the day that it is there", () => {
  const lateNight = "2025-12-10T02:30:00Z"
  expect(formatInstant(lateNight, "pt-BR", "America/Sao_Paulo")).toBe("9 de dezembro de 2025 às 23:30 BRT")
  expect(formatInstant(lateNight, "pt-BR", "UTC")).toBe("10 de dezembro de 2025 às 02:30 UTC")
})

test.each([
  [1, "1 minuto"],
  [60, "1 hora"],
  [90, "90 minutos"],
  [1_440, "24 horas"],
  [4_320, "3 dias"],
])("%d minutes are said as %s", (minutes, said) => {
  expect(plain(formatDuration(minutes, "pt-BR"))).toBe(said)
})

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000, "1 kB"],
  [1_412_000, "1,4 MB"],
  [5_000_000_000_000, "5.000 GB"],
])("%d bytes are %s", (bytes, said) => {
  expect(plain(formatSize(bytes, "pt-BR"))).toBe(said)
})

test("a rate is in percent", () => {
  expect(formatPercent(2.5, "pt-BR")).toBe("2,5%")
  expect(formatPercent(10, "en")).toBe("10%")
})
