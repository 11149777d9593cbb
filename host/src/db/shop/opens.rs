//! What each scope opens of a store's documents: what its permits read, write and delete, beside the simple documents,
//! which say it themselves. The erasing of personal data and the undo add what they look at where they live.

use crate::db::core::drafts::opens::opens;
use crate::db::shop::catalog::{categories::Category, giftcards, products::Product};
use crate::db::shop::marketing::discounts::Discount;
use crate::db::shop::sales::carts::{Cart, CartContact, CartLinks};
use crate::db::shop::sales::customers::{Customer, CustomerContact};
use crate::db::shop::sales::orders::{Order, OrderContact};
use crate::db::shop::settings::locations::Location;
use giftcards::Stored as GiftCard;

opens! {
    OrdersView reads Order;
    OrdersPii reads Order, OrderContact;
    // An order is priced by its products and counted for its customer.
    OrdersCreate reads Product, Customer writes Order, OrderContact, Customer;
    OrdersEdit reads Order, OrderContact, Product writes Order, OrderContact;
    OrdersFulfill reads Order writes Order;
    OrdersCancel reads Order writes Order;
    OrdersCapture reads Order writes Order;
    OrdersRefund reads Order writes Order;
    OrdersDelete reads Order, OrderContact deletes Order, OrderContact;

    CartsView reads Cart;
    CartsEdit reads Cart, CartLinks, Discount writes Cart, CartLinks;

    CustomersView reads Customer;
    CustomersPii reads Customer, CustomerContact;
    CustomersEdit reads Customer, CustomerContact writes Customer, CustomerContact;
    // Whoever goes is no longer named on orders and carts.
    CustomersDelete reads Customer, CustomerContact, Order, Cart, CartContact writes Order, Cart
        deletes Customer, CustomerContact, CartContact;

    ProductsView reads Product;
    ProductsEdit reads Product writes Product;
    ProductsPrice reads Product writes Product;
    ProductsDelete reads Product deletes Product;
    CategoriesEdit reads Product writes Product;
    // A level is found by a sku that is sold and a place that is there.
    InventoryView reads Product, Location;
    InventoryAdjust reads Product, Location;
    GiftcardsView reads GiftCard;
    GiftcardsIssue reads GiftCard writes GiftCard;

    LocationsView reads Location;
    LocationsEdit reads Location writes Location;

    // A discount names products and categories that are there.
    DiscountsEdit reads Product, Category;

    // What a cart comes to is looked up before apps are asked.
    StorefrontCheckout reads Cart, CartContact, Customer, Product, Discount;
    StorefrontIntake reads Cart, CartContact, CartLinks, Customer, Product, Discount
        writes Order, OrderContact, Cart, CartContact, CartLinks, Customer deletes CartContact, CartLinks;
}
