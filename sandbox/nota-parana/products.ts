/** A product of the demo; `gtin` as it is printed, `unit` the package, `cents` about what it costs. */
export interface Product {
  gtin: string
  name: string
  brand: string
  unit: string
  ncm: string
  category: number
  cents: number
}

type Item = [gtin: string, name: string, brand: string, unit: string, cents: number]

interface Shelf {
  /** As the service numbers them. */
  category: number
  ncm: string
  items: Item[]
}

const shelves: Shelf[] = [
  {
    category: 6,
    ncm: "10063021",
    items: [
      ["7899101001176", "Arroz branco tipo 1", "Pé Vermelho", "5 kg", 2799],
      ["7899101001343", "Arroz branco tipo 1", "Pé Vermelho", "1 kg", 649],
      ["7899107001170", "Arroz parboilizado tipo 1", "Rio Ivaí", "5 kg", 2890],
      ["7899107001347", "Arroz integral", "Rio Ivaí", "1 kg", 799],
      ["7899101001510", "Feijão carioca tipo 1", "Pé Vermelho", "1 kg", 789],
      ["7899101001688", "Feijão preto tipo 1", "Pé Vermelho", "1 kg", 849],
      ["7899106001171", "Lentilha", "Campos Gerais", "500 g", 1099],
      ["7899106001348", "Grão-de-bico", "Campos Gerais", "500 g", 1149],
      ["7899105001172", "Milho para pipoca", "Vó Zefa", "500 g", 479],
      ["7899106001515", "Aveia em flocos finos", "Campos Gerais", "450 g", 899],
    ],
  },
  {
    category: 7,
    ncm: "11010010",
    items: [
      ["7899106001683", "Farinha de trigo tipo 1", "Campos Gerais", "5 kg", 1849],
      ["7899106001850", "Farinha de trigo tipo 1", "Campos Gerais", "1 kg", 479],
      ["7899105001349", "Farinha de mandioca torrada", "Vó Zefa", "500 g", 629],
      ["7899105001516", "Fubá mimoso", "Vó Zefa", "1 kg", 499],
      ["7899105001684", "Amido de milho", "Vó Zefa", "200 g", 459],
      ["7899105001851", "Polvilho azedo", "Vó Zefa", "500 g", 879],
    ],
  },
  {
    category: 54,
    ncm: "19021900",
    items: [
      ["7899115001179", "Macarrão espaguete com ovos", "Fontana", "500 g", 429],
      ["7899115001346", "Macarrão parafuso com ovos", "Fontana", "500 g", 449],
      ["7899115001513", "Macarrão penne grano duro", "Fontana", "500 g", 749],
      ["7899115001681", "Lasanha seca", "Fontana", "500 g", 859],
      ["7899115001858", "Macarrão instantâneo galinha", "Fontana", "80 g", 239],
      ["7899115002022", "Macarrão instantâneo carne", "Fontana", "80 g", 239],
    ],
  },
  {
    category: 5,
    ncm: "09012100",
    items: [
      ["7899104001173", "Café torrado e moído tradicional", "Bom Cafezal", "500 g", 2690],
      ["7899104001340", "Café torrado e moído extraforte", "Bom Cafezal", "500 g", 2749],
      ["7899104001517", "Café torrado e moído tradicional", "Bom Cafezal", "250 g", 1420],
      ["7899104001685", "Café solúvel", "Bom Cafezal", "100 g", 1899],
      ["7899104001852", "Cápsulas de café", "Bom Cafezal", "10 un", 2199],
      ["7899113001171", "Chá-mate tostado", "Gralha Azul", "250 g", 899],
      ["7899113001348", "Chá de camomila", "Gralha Azul", "10 un", 459],
      ["7899113001515", "Erva-mate para chimarrão", "Gralha Azul", "1 kg", 1790],
    ],
  },
  {
    category: 2,
    ncm: "04012010",
    items: [
      ["7899111001173", "Leite integral longa vida", "Aurora do Vale", "1 L", 549],
      ["7899111001340", "Leite desnatado longa vida", "Aurora do Vale", "1 L", 559],
      ["7899111001517", "Leite semidesnatado longa vida", "Aurora do Vale", "1 L", 559],
      ["7899111001685", "Leite em pó integral", "Aurora do Vale", "400 g", 1899],
      ["7899111001852", "Leite condensado", "Aurora do Vale", "395 g", 749],
      ["7899111002026", "Creme de leite", "Aurora do Vale", "200 g", 389],
      ["7899111002194", "Iogurte natural", "Aurora do Vale", "170 g", 349],
      ["7899111002361", "Iogurte de morango", "Aurora do Vale", "900 g", 1190],
      ["7899111002538", "Manteiga com sal", "Aurora do Vale", "200 g", 1349],
      ["7899111002705", "Requeijão cremoso", "Aurora do Vale", "200 g", 899],
      ["7899111002873", "Queijo muçarela fatiado", "Aurora do Vale", "150 g", 1149],
      ["7899111003047", "Queijo parmesão ralado", "Aurora do Vale", "50 g", 629],
    ],
  },
  {
    category: 9,
    ncm: "15079011",
    items: [
      ["7899106002024", "Óleo de soja", "Campos Gerais", "900 ml", 789],
      ["7899106002192", "Óleo de girassol", "Campos Gerais", "900 ml", 1299],
      ["7899106002369", "Óleo de milho", "Campos Gerais", "900 ml", 1349],
      ["7899115002190", "Azeite de oliva extravirgem", "Fontana", "500 ml", 4290],
      ["7899108001179", "Margarina com sal", "Doce Norte", "500 g", 799],
      ["7899108001346", "Margarina com sal", "Doce Norte", "250 g", 459],
    ],
  },
  {
    category: 11,
    ncm: "17019900",
    items: [
      ["7899108001513", "Açúcar cristal", "Doce Norte", "5 kg", 1999],
      ["7899108001681", "Açúcar refinado", "Doce Norte", "1 kg", 489],
      ["7899108001858", "Açúcar mascavo", "Doce Norte", "500 g", 899],
      ["7899108002022", "Adoçante de estévia", "Doce Norte", "80 ml", 1249],
      ["7899108002190", "Doce de leite", "Doce Norte", "400 g", 1099],
      ["7899108002367", "Goiabada", "Doce Norte", "300 g", 629],
      ["78941014", "Goma de mascar hortelã", "Doce Norte", "8 g", 249],
      ["7899108002534", "Bala de hortelã", "Doce Norte", "100 g", 399],
      ["78941380", "Gelatina de morango", "Doce Norte", "20 g", 179],
    ],
  },
  {
    category: 63,
    ncm: "18063210",
    items: [
      ["7899103001174", "Chocolate ao leite", "Ipê Branco", "90 g", 699],
      ["7899103001341", "Chocolate meio amargo", "Ipê Branco", "90 g", 749],
      ["7899103001518", "Chocolate branco", "Ipê Branco", "90 g", 699],
      ["7899103001686", "Bombons sortidos", "Ipê Branco", "250 g", 1399],
      ["7899103001853", "Achocolatado em pó", "Ipê Branco", "400 g", 849],
      ["7899103002027", "Chocolate em pó 50 % cacau", "Ipê Branco", "200 g", 1199],
      ["78941755", "Wafer de chocolate", "Ipê Branco", "20 g", 199],
    ],
  },
  {
    category: 13,
    ncm: "19053100",
    items: [
      ["7899105002025", "Pão de forma tradicional", "Vó Zefa", "500 g", 849],
      ["7899105002193", "Pão de forma integral", "Vó Zefa", "500 g", 999],
      ["7899105002360", "Biscoito de água e sal", "Vó Zefa", "350 g", 599],
      ["7899105002537", "Biscoito maisena", "Vó Zefa", "350 g", 579],
      ["7899103002195", "Biscoito recheado de chocolate", "Ipê Branco", "130 g", 299],
      ["7899105002704", "Torrada tradicional", "Vó Zefa", "140 g", 499],
      ["7899105002872", "Bolo pronto de laranja", "Vó Zefa", "250 g", 949],
    ],
  },
  {
    category: 12,
    ncm: "20021000",
    items: [
      ["7899115002367", "Extrato de tomate", "Fontana", "340 g", 499],
      ["7899115002534", "Molho de tomate tradicional", "Fontana", "300 g", 249],
      ["7899106002536", "Milho-verde em conserva", "Campos Gerais", "170 g", 399],
      ["7899106002703", "Ervilha em conserva", "Campos Gerais", "170 g", 379],
      ["7899115002701", "Azeitona verde sem caroço", "Fontana", "160 g", 849],
      ["7899115002879", "Palmito pupunha", "Fontana", "300 g", 1899],
      ["7899112001172", "Sardinha em óleo", "Tupã", "125 g", 599],
      ["7899112001349", "Atum sólido ao natural", "Tupã", "170 g", 1099],
      ["7899115003043", "Maionese tradicional", "Fontana", "500 g", 849],
      ["7899115003210", "Catchup tradicional", "Fontana", "397 g", 899],
    ],
  },
  {
    category: 10,
    ncm: "16010000",
    items: [
      ["7899112001516", "Salsicha hot dog", "Tupã", "500 g", 849],
      ["7899112001684", "Linguiça calabresa defumada", "Tupã", "400 g", 1399],
      ["7899112001851", "Mortadela fatiada", "Tupã", "200 g", 749],
      ["7899112002025", "Presunto cozido fatiado", "Tupã", "180 g", 899],
      ["7899112002193", "Hambúrguer bovino congelado", "Tupã", "672 g", 1999],
      ["7899112002360", "Peito de frango congelado", "Tupã", "1 kg", 2190],
    ],
  },
  {
    category: 55,
    ncm: "22021000",
    items: [
      ["7899113001683", "Refrigerante de guaraná", "Gralha Azul", "2 L", 749],
      ["7899113001850", "Refrigerante de cola", "Gralha Azul", "2 L", 799],
      ["7899113002024", "Refrigerante de laranja", "Gralha Azul", "2 L", 699],
      ["7899102001175", "Água mineral sem gás", "Serra Alta", "1,5 L", 329],
      ["7899102001342", "Água mineral com gás", "Serra Alta", "500 ml", 249],
      ["7899102001519", "Suco de uva integral", "Serra Alta", "1 L", 1499],
      ["7899102001687", "Suco de laranja integral", "Serra Alta", "1 L", 1299],
      ["7899113002192", "Cerveja pilsen lata", "Gralha Azul", "350 ml", 349],
      ["7899102001854", "Vinho tinto suave", "Serra Alta", "750 ml", 2299],
      ["7899102002028", "Água de coco", "Serra Alta", "1 L", 1149],
      ["077310442103", "Cola importada lata", "Serra Alta", "355 ml", 899],
    ],
  },
  {
    category: 22,
    ncm: "34025000",
    items: [
      ["7899110001174", "Sabão em pó", "Claríssima", "1,6 kg", 2290],
      ["7899110001341", "Sabão líquido", "Claríssima", "3 L", 3490],
      ["7899110001518", "Amaciante", "Claríssima", "2 L", 1690],
      ["7899110001686", "Detergente neutro", "Claríssima", "500 ml", 279],
      ["7899110001853", "Água sanitária", "Claríssima", "2 L", 799],
      ["7899114001170", "Desinfetante de pinho", "Pinhão", "1 L", 949],
      ["7899110002027", "Limpador multiúso", "Claríssima", "500 ml", 549],
      ["7899110002195", "Esponja multiúso", "Claríssima", "4 un", 749],
      ["7899114001347", "Saco de lixo 50 L", "Pinhão", "30 un", 1399],
      ["7899110002362", "Álcool líquido 70 %", "Claríssima", "1 L", 1099],
    ],
  },
  {
    category: 62,
    ncm: "48181000",
    items: [
      ["7899116001178", "Papel higiênico folha dupla", "Bem Cuidado", "12 un", 1990],
      ["7899116001345", "Creme dental", "Bem Cuidado", "90 g", 499],
      ["7899116001512", "Sabonete em barra", "Bem Cuidado", "85 g", 279],
      ["7899116001680", "Xampu", "Bem Cuidado", "350 ml", 1590],
      ["7899116001857", "Condicionador", "Bem Cuidado", "325 ml", 1690],
      ["7899116002021", "Desodorante aerossol", "Bem Cuidado", "150 ml", 1499],
      ["7899116002199", "Fraldas M", "Bem Cuidado", "36 un", 4990],
      ["7899116002366", "Absorvente com abas", "Bem Cuidado", "8 un", 599],
      ["077310612100", "Lâmina de barbear importada", "Bem Cuidado", "2 un", 1899],
    ],
  },
  {
    category: 14,
    ncm: "23091000",
    items: [
      ["7899117001177", "Ração para cães adultos", "Toca", "10 kg", 8990],
      ["7899117001344", "Ração para gatos adultos", "Toca", "3 kg", 5490],
      ["7899117001511", "Sachê para gatos", "Toca", "85 g", 349],
    ],
  },
]

/** What the markets of the demo sell: 120 products of brands that do not exist, their GTINs with 8, 12 or 13 digits. */
export const products: Product[] = shelves.flatMap(({ items, ...shelf }) =>
  items.map(([gtin, name, brand, unit, cents]) => ({ gtin, name, brand, unit, cents, ...shelf })),
)
