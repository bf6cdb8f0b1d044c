package dev.vitrine.catalogue.read;

import java.util.List;
import java.util.function.Consumer;

/** Google Merchant's feed as a table; Google's own names may stand in brackets behind translated ones. */
final class MerchantProfile implements Profile {
    private static final String ATTRIBUTES =
            "id title description brand product_type google_product_category condition color"
                    + " size material pattern gtin mpn item_group_id price sale_price availability image_link additional_image_link";

    static boolean fits(Header header) {
        return find(header, "id") >= 0 && find(header, "title") >= 0 && find(header, "image_link") >= 0;
    }

    @Override
    public List<ProductRow> read(Row row, Consumer<Fault> faults) {
        MerchantItem item = new MerchantItem(row.line());
        for (String name : ATTRIBUTES.split(" ")) {
            item.add(name, row.get(find(row.header(), name)));
        }
        return item.rows();
    }

    private static int find(Header header, String attribute) {
        return header.find(attribute, attribute.replace('_', ' '), "g:" + attribute);
    }
}
