import { type Row, readRow } from "./row.ts"

/** GTIN-14 of the row below. */
export const GTIN = "07891118025664"

/** When the row below was sold, an hour before. */
export const NOW = Date.parse("2026-01-15T11:30:00Z")

/** A row as Nota Paraná answers it, with these fields instead. */
export const rawRow = (fields: Record<string, unknown> = {}, shop: Record<string, unknown> = {}) => ({
  id: "9f1c0a",
  local: "6gf96u6q0j0",
  desc: "CHICLETE HUEVITOS",
  ncm: "17049099",
  cdanp: "",
  valor_desconto: "0.00",
  valor_tabela: "3.99",
  valor: "3.99",
  datahora: "2026-01-15T10:30:00.000Z",
  tempo: "1 h",
  distkm: "0.664",
  gtin: "7891118025664",
  nrdoc: "DOC123",
  estabelecimento: {
    codigo: "estab001",
    nm_fan: "SUPERMERCADO X",
    nm_emp: "EMPRESA X LTDA",
    tp_logr: "RUA",
    nm_logr: "DAS FLORES",
    nr_logr: "100",
    complemento: "",
    bairro: "CENTRO",
    mun: "CIANORTE",
    uf: "PR",
    mesoreg: "NOROESTE PARANAENSE",
    microreg: "CIANORTE",
    ...shop,
  },
  ...fields,
})

export const row = (...fields: Parameters<typeof rawRow>): Row => readRow(rawRow(...fields))!
