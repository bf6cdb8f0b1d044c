package dev.vitrine.catalogue.read;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of catalogues that are read. */
public enum Format {
    TABLE("a table", "table"),
    JSONL("JSON Lines", "jsonl"),
    FOLDER("a folder of pictures", "folder"),
    SHOPIFY("Shopify", "shopify"),
    WOOCOMMERCE("WooCommerce", "woocommerce"),
    MAGENTO("Magento 2", "magento"),
    PRESTASHOP("PrestaShop, products", "prestashop"),
    PRESTASHOP_COMBINATIONS("PrestaShop, combinations", "prestashop-combinations"),
    MERCHANT_XML("Google Merchant, XML", "merchant-xml"),
    MERCHANT("Google Merchant, table", "merchant"),
    VISION("Google Vision Product Search", "vision");

    private final String title;
    private final String option;

    Format(String title, String option) {
        this.title = title;
        this.option = option;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** As commands and requests name it. */
    public String option() {
        return option;
    }

    /** The format of a name as commands and requests give it. */
    public static Optional<Format> named(String option) {
        return Arrays.stream(values())
                .filter(format -> format.option.equals(option.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** All names, between commas. */
    public static String options() {
        return Arrays.stream(values()).map(Format::option).collect(Collectors.joining(", "));
    }
}
