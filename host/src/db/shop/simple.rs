//! The table of simple documents: for each, what one and several are called, what is to be said of creating and of
//! deleting one, where its routes are, what can be chosen of it, the filters of its list, and the interfaces by which
//! apps call it. It is given to a macro: `http` makes routes of it, and `runtime` host calls.

/// The table. A row whose host calls differ from the usual five says `own_calls`.
macro_rules! simple_documents {
    ($of:ident) => {
        $of! {
            categories "category" "categories", "At the top, or below another one." "An empty one.",
                at "/stores/{store}/categories", "/stores/{store}/categories/{category}":
                Category, CategoryInput { title, parent }, Categories { parent: Option<String> }, own_calls;
            discounts "discount" "discounts", "Buyers can use it at once if `enabled` says so, and else once it is enabled." "Carts that have its code keep it.",
                at "/stores/{store}/discounts", "/stores/{store}/discounts/{discount}":
                Discount, DiscountInput { code, title, value, starts_at, ends_at, max_uses, max_uses_per_customer, minimum,
                    products, categories, combines, enabled }, Discounts { enabled: Option<bool> },
                own_calls;
            pages "page" "pages", "Its path is its own within the store." "Its path is free again.",
                at "/stores/{store}/pages", "/stores/{store}/pages/{page}":
                WebPage, WebPageInput { path, title, body, published }, WebPages { published: Option<bool> },
                (pages_view PagesView, pages_edit PagesEdit);
            taxes "tax rate" "tax rates", "One for each zone and class." "Its zone and class are free again.",
                at "/stores/{store}/taxes", "/stores/{store}/taxes/{taxrate}":
                TaxRate, TaxRateInput { zone, class, name, rate }, TaxRates { zone: Option<String> },
                (taxes_view TaxesView, taxes_edit TaxesEdit);
        }
    };
}
pub(crate) use simple_documents;
