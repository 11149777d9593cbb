//! The words that made-up products and people are put together from.

/// A part of the shop: what it sells, and of what.
pub(crate) struct Department {
    pub(crate) name: &'static str,
    /// What its skus begin with.
    pub(crate) code: &'static str,
    pub(crate) materials: [&'static str; 8],
    /// What, and for how many euros at least.
    pub(crate) things: [(&'static str, i64); 8],
    /// The forms a thing comes in: the ending of its sku, its title, and what it costs in percent of the first.
    pub(crate) forms: &'static [(&'static str, &'static str, i64)],
    pub(crate) care: &'static str,
}

const SIZES: &[(&str, &str, i64)] = &[("S", "small", 100), ("L", "large", 160)];
const CLOTHS: &[(&str, &str, i64)] = &[("S", "small", 100), ("M", "medium", 130), ("L", "large", 170)];
const SETS: &[(&str, &str, i64)] = &[("1", "single", 100), ("4", "set of 4", 360)];
const ONE: &[(&str, &str, i64)] = &[("1", "", 100)];

pub(crate) const DEPARTMENTS: [Department; 8] = [
    Department {
        name: "Kitchen",
        code: "KIT",
        materials: ["Oak", "Walnut", "Beech", "Olive wood", "Ash", "Cherry wood", "Acacia", "Maple"],
        things: [
            ("bread board", 24),
            ("chopping board", 32),
            ("spoon set", 16),
            ("rolling pin", 14),
            ("salt pig", 22),
            ("utensil jar", 26),
            ("trivet", 9),
            ("pepper mill", 34),
        ],
        forms: SIZES,
        care: "Oil it now and then; keep it out of the dishwasher.",
    },
    Department {
        name: "Tableware",
        code: "TAB",
        materials: ["Stoneware", "Porcelain", "Speckled", "Crackle-glaze", "Matte black", "Sand", "Sea-green", "Ivory"],
        things: [
            ("dinner plate", 15),
            ("soup bowl", 13),
            ("mug", 12),
            ("espresso cup", 9),
            ("serving platter", 38),
            ("pitcher", 29),
            ("sugar bowl", 17),
            ("egg cup", 6),
        ],
        forms: SETS,
        care: "Dishwasher safe; colours differ a little from piece to piece.",
    },
    Department {
        name: "Textiles",
        code: "TEX",
        materials: ["Linen", "Cotton", "Wool", "Merino", "Waffle", "Herringbone", "Striped", "Stonewashed"],
        things: [
            ("throw", 59),
            ("cushion cover", 25),
            ("bedspread", 110),
            ("tea towel", 8),
            ("table runner", 28),
            ("napkin set", 19),
            ("curtain", 69),
            ("pillowcase", 18),
        ],
        forms: CLOTHS,
        care: "Wash it gently at 30 °C and dry it on the line.",
    },
    Department {
        name: "Lighting",
        code: "LIT",
        materials: ["Brass", "Copper", "Smoked-glass", "Rattan", "Paper", "Bronze", "Opal", "Steel"],
        things: [
            ("desk lamp", 89),
            ("floor lamp", 149),
            ("pendant", 79),
            ("wall light", 69),
            ("candle holder", 18),
            ("lantern", 35),
            ("tealight", 7),
            ("string lights", 22),
        ],
        forms: ONE,
        care: "Takes an E27 bulb where it takes one; wipe it with a dry cloth.",
    },
    Department {
        name: "Bath",
        code: "BAT",
        materials: ["Bamboo", "Marble", "Terrazzo", "Cork", "Slate", "Teak", "Travertine", "Concrete"],
        things: [
            ("soap dish", 12),
            ("soap dispenser", 21),
            ("tray", 27),
            ("stool", 65),
            ("toothbrush cup", 13),
            ("storage jar", 16),
            ("shelf", 48),
            ("mirror", 82),
        ],
        forms: SIZES,
        care: "Sealed against water; clean it without acid.",
    },
    Department {
        name: "Garden",
        code: "GAR",
        materials: ["Terracotta", "Zinc", "Galvanised", "Enamel", "Copper", "Weathered", "Sage-green", "Cast-iron"],
        things: [
            ("planter", 31),
            ("watering can", 39),
            ("bird feeder", 26),
            ("trug", 33),
            ("plant stand", 42),
            ("herb pot", 11),
            ("lantern hook", 14),
            ("boot scraper", 37),
        ],
        forms: SIZES,
        care: "Stays outside all year; bring it in before hard frost.",
    },
    Department {
        name: "Desk",
        code: "DSK",
        materials: ["Leather", "Felt", "Cork", "Walnut", "Linen-bound", "Brass", "Recycled", "Oak"],
        things: [
            ("notebook", 14),
            ("pen tray", 19),
            ("desk pad", 45),
            ("letter holder", 24),
            ("bookend", 21),
            ("pencil case", 17),
            ("card box", 16),
            ("calendar stand", 23),
        ],
        forms: ONE,
        care: "Grows more handsome with use.",
    },
    Department {
        name: "Storage",
        code: "STO",
        materials: ["Seagrass", "Jute", "Willow", "Wire", "Canvas", "Rattan", "Felt", "Birch"],
        things: [
            ("basket", 28),
            ("crate", 24),
            ("lidded box", 22),
            ("hamper", 58),
            ("shelf bin", 18),
            ("coat hook", 12),
            ("magazine rack", 36),
            ("laundry bag", 27),
        ],
        forms: CLOTHS,
        care: "Keep it dry; dust it with a soft brush.",
    },
];

pub(crate) const FIRST_NAMES: [&str; 64] = [
    "Ada", "Agnes", "Alma", "Anouk", "Astrid", "Bruno", "Carla", "Casper", "Clara", "Dario", "Edith", "Elif", "Elin",
    "Emil", "Enzo", "Esther", "Fabian", "Farid", "Felix", "Flora", "Freya", "Greta", "Hanna", "Henrik", "Ida", "Ilse",
    "Ines", "Iris", "Jakub", "Jana", "Jonas", "Josef", "Karim", "Katja", "Lars", "Leila", "Leo", "Lina", "Louis",
    "Luca", "Maja", "Marek", "Marie", "Mats", "Mila", "Milan", "Nadia", "Nils", "Nora", "Olga", "Oskar", "Paula",
    "Pavel", "Pia", "Rosa", "Ruben", "Selma", "Sofia", "Sven", "Tilda", "Tomas", "Vera", "Viktor", "Zofia",
];

pub(crate) const LAST_NAMES: [&str; 64] = [
    "Aalto", "Adler", "Almeida", "Andersen", "Bakker", "Bauer", "Becker", "Berg", "Bianchi", "Blom", "Brandt",
    "Carlsen", "Conti", "Costa", "Dahl", "Dubois", "Duran", "Eriksen", "Ferrari", "Fischer", "Fontaine", "Garnier",
    "Haas", "Hansen", "Herrera", "Hoffmann", "Holm", "Horvat", "Ivanova", "Jansen", "Jensen", "Kaiser", "Keller",
    "Kowalski", "Kruse", "Laurent", "Lehmann", "Lindgren", "Lopes", "Maier", "Marino", "Martens", "Meyer", "Moreau",
    "Navarro", "Nielsen", "Nowak", "Olsen", "Peeters", "Petrova", "Ricci", "Roux", "Sauer", "Silva", "Sorensen",
    "Toth", "Vasquez", "Virtanen", "Visser", "Vogel", "Wagner", "Weber", "Winter", "Zeman",
];

/// City, country, what post codes of it begin with, and how phone numbers of the country do.
pub(crate) const CITIES: [(&str, &str, &str, &str); 20] = [
    ("Berlin", "DE", "10", "+49 30"),
    ("Hamburg", "DE", "20", "+49 40"),
    ("Leipzig", "DE", "04", "+49 341"),
    ("Cologne", "DE", "50", "+49 221"),
    ("Freiburg", "DE", "79", "+49 761"),
    ("Vienna", "AT", "10", "+43 1"),
    ("Graz", "AT", "80", "+43 316"),
    ("Amsterdam", "NL", "10", "+31 20"),
    ("Utrecht", "NL", "35", "+31 30"),
    ("Antwerp", "BE", "20", "+32 3"),
    ("Lyon", "FR", "69", "+33 4"),
    ("Nantes", "FR", "44", "+33 2"),
    ("Bologna", "IT", "40", "+39 051"),
    ("Turin", "IT", "10", "+39 011"),
    ("Porto", "PT", "40", "+351 22"),
    ("Valencia", "ES", "46", "+34 96"),
    ("Tallinn", "EE", "10", "+372 6"),
    ("Helsinki", "FI", "00", "+358 9"),
    ("Ljubljana", "SI", "10", "+386 1"),
    ("Dublin", "IE", "D0", "+353 1"),
];

pub(crate) const STREETS: [&str; 20] = [
    "Linden Street",
    "Mill Lane",
    "Harbour Road",
    "Station Square",
    "Garden Street",
    "Church Lane",
    "Market Place",
    "River Walk",
    "Chestnut Avenue",
    "Bridge Street",
    "School Lane",
    "Hill Road",
    "Orchard Way",
    "Tower Street",
    "Meadow Lane",
    "Canal Street",
    "Forest Road",
    "Castle Street",
    "Weaver's Yard",
    "North Quay",
];

/// Domains set aside for examples (RFC 2606): nobody receives a mail at them.
pub(crate) const MAIL: [&str; 3] = ["example.com", "example.org", "example.net"];

pub(crate) const CARRIERS: [&str; 3] = ["Parcel Post", "Swift Freight", "Green Wheels"];

pub(crate) const REFUND_REASONS: [&str; 4] =
    ["arrived broken", "came too late", "looks different at home", "wrong size"];

pub(crate) const CANCEL_REASONS: [&str; 3] = ["the buyer changed their mind", "ordered twice", "no payment received"];

/// What can take things off the shelf beside an order.
pub(crate) const LOSSES: [&str; 4] =
    ["sold at the market stall", "damaged in storage", "lent for a photo shoot", "stock count"];

/// Code, title and percent off of the discounts there are.
pub(crate) const DISCOUNTS: [(&str, &str, u32); 6] = [
    ("WELCOME10", "First order", 10),
    ("SPRING15", "Spring sale", 15),
    ("FRIENDS20", "Friends and family", 20),
    ("LASTCHANCE40", "Clearance", 40),
    ("NEWSLETTER5", "Newsletter", 5),
    ("MOVING25", "New flat", 25),
];

/// Path, title, text, and whether buyers can read it.
pub(super) const PAGES: [(&str, &str, &str, bool); 3] = [
    ("about", "About us", "We have been selling tea and coffee since 1998.", true),
    ("help/returns", "Returns", "Send back what you do not like within 30 days.", true),
    ("christmas", "Christmas hours", "We are closed from 24 to 26 December.", false),
];

/// Zone, class, and thousandths of a percent.
pub(super) const TAXES: [(&str, &str, u32); 3] =
    [("DE", "standard", 19_000), ("DE", "reduced", 7_000), ("AT", "standard", 20_000)];
