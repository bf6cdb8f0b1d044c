package dev.vitrine.catalogue.read;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens catalogues: finds out what a file is. */
public final class Catalogues {
    private static final int PEEKED_ROWS = 50;

    private final Format said;
    private final Map<String, String> map;

    /**
     * @param said what it is; null to find out
     * @param map which columns of a plain table are {@code product_id}, {@code name}, {@code image} and {@code image_id},
     *     where that is not to be guessed; anything in it makes the file a plain table
     */
    public Catalogues(Format said, Map<String, String> map) {
        this.said = said == null && !map.isEmpty() ? Format.TABLE : said;
        this.map = Map.copyOf(map);
    }

    /**
     * Opens a file or a folder.
     *
     * @throws CatalogueException where it is none that is known, or not what it was said to be
     */
    public Catalogue open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new CatalogueException("There is no " + path);
        }
        return new CheckedCatalogue(opened(path));
    }

    private Catalogue opened(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new FolderCatalogue(path);
        }
        Encoding encoding = Encoding.of(path);
        Format format = said == null ? byFirstCharacter(path, encoding) : said;
        return switch (format) {
            case FOLDER -> throw new CatalogueException(path + " is no folder");
            case MERCHANT_XML -> new MerchantXml(path, encoding);
            case JSONL -> new JsonLines(path, encoding);
            default -> table(path, encoding);
        };
    }

    private static Format byFirstCharacter(Path path, Encoding encoding) throws IOException {
        try (BufferedReader text = encoding.reader(path)) {
            for (int c = text.read(); c >= 0; c = text.read()) {
                if (!Character.isWhitespace(c)) {
                    return c == '<' ? Format.MERCHANT_XML : c == '{' ? Format.JSONL : Format.TABLE;
                }
            }
        }
        throw new CatalogueException(path.getFileName() + " is empty; export the catalogue again");
    }

    private Catalogue table(Path path, Encoding encoding) throws IOException {
        Table table = new Table(path, encoding);
        try {
            List<Row> rows = table.peek(PEEKED_ROWS);
            Format format = said == null ? byHeader(table.header(), rows) : said;
            Optional<Row> first = format == Format.VISION && VisionProfile.isWithoutHeader(table.header())
                    ? Optional.of(new Row(table.header(), table.header().names(), 1))
                    : Optional.empty();
            return new TableCatalogue(format, table, profile(format, table.header(), rows), first);
        } catch (IOException | RuntimeException e) {
            table.close();
            throw e;
        }
    }

    private static Format byHeader(Header header, List<Row> rows) {
        if (ShopifyProfile.fits(header)) {
            return Format.SHOPIFY;
        }
        if (PrestaShopProfile.fitsCombinations(header)) {
            return Format.PRESTASHOP_COMBINATIONS;
        }
        if (PrestaShopProfile.fits(header)) {
            return Format.PRESTASHOP;
        }
        if (WooColumns.fits(header, rows)) {
            return Format.WOOCOMMERCE;
        }
        if (MagentoProfile.fits(header)) {
            return Format.MAGENTO;
        }
        if (MerchantProfile.fits(header)) {
            return Format.MERCHANT;
        }
        return VisionProfile.fits(header) ? Format.VISION : Format.TABLE;
    }

    private Profile profile(Format format, Header header, List<Row> rows) throws IOException {
        return switch (format) {
            case SHOPIFY -> new ShopifyProfile();
            case WOOCOMMERCE -> new WooCommerceProfile(new WooColumns(header, rows));
            case MAGENTO -> new MagentoProfile(header);
            case PRESTASHOP -> new PrestaShopProfile(false);
            case PRESTASHOP_COMBINATIONS -> new PrestaShopProfile(true);
            case MERCHANT -> new MerchantProfile();
            case VISION -> new VisionProfile();
            default -> new PlainProfile(header, map);
        };
    }
}
