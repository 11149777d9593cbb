//! The table of simple documents: for each, what it is called, where its routes are, what can be chosen of it, the filters
//! of its list, and the interfaces by which apps call it. It is given to a macro: `http` makes routes of it, and `runtime`
//! host calls.

/// The table. A row whose host calls differ from the usual five says `own_calls`.
macro_rules! simple_documents {
    ($of:ident) => {
        $of! {
            categories "category" "categories", at "/stores/{store}/categories", "/stores/{store}/categories/{category}":
                Category, CategoryInput { title, parent }, Categories { parent: Option<String> }, own_calls;
            discounts "discount" "discounts", at "/stores/{store}/discounts", "/stores/{store}/discounts/{discount}":
                Discount, DiscountInput { code, title, value, starts_at, ends_at }, Discounts { enabled: Option<bool> },
                own_calls;
            pages "page" "pages", at "/stores/{store}/pages", "/stores/{store}/pages/{page}":
                WebPage, WebPageInput { path, title, body, published }, WebPages { published: Option<bool> },
                (pages_view PagesView, pages_edit PagesEdit);
            taxes "tax rate" "tax rates", at "/stores/{store}/taxes", "/stores/{store}/taxes/{taxrate}":
                TaxRate, TaxRateInput { zone, class, name, rate }, TaxRates { zone: Option<String> },
                (taxes_view TaxesView, taxes_edit TaxesEdit);
        }
    };
}
pub(crate) use simple_documents;
