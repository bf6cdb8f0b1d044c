package dev.vitrine.catalogue.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where WooCommerce's columns are. The exporter translates their names, so they are looked for by the names of some languages,
 * then by their usual places and by what is in them: product types and the protocol of a URL are the same in all languages.
 */
final class WooColumns {
    static final Set<String> TYPES =
            Set.of("simple", "variable", "variation", "grouped", "external", "virtual", "downloadable", "subscription");

    private static final Pattern NUMBERED = Pattern.compile("\\D*(\\d{1,2})\\D*");
    private static final Pattern PICTURE =
            Pattern.compile("(?:https?:)?//.*|.*\\.(?:jpe?g|png|webp|gif)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Set<String> ATTRIBUTE =
            Set.of("attribut", "attribute", "atributo", "attributo", "attribuut", "eigenschap", "atrybut", "cecha");
    private static final Set<String> NAMES = Set.of("name", "nom", "nombre", "nome", "naam", "nazwa");
    private static final Set<String> VALUES = Set.of("value", "valeur", "wert", "valor", "valore", "waarde", "wartoś");

    /** Name and values of an attribute. */
    record Attribute(int name, int values) {}

    final int type;
    final int sku;
    final int name;
    final int published;
    final int visibility;
    final int summary;
    final int description;
    final int salePrice;
    final int price;
    final int categories;
    final int tags;
    final int images;
    final int parent;
    final int gtin;
    final List<Attribute> attributes = new ArrayList<>();

    /** @param rows the first ones */
    WooColumns(Header header, List<Row> rows) {
        type = 1;
        gtin = header.find(
                "GTIN, UPC, EAN, or ISBN",
                "GTIN, UPC, EAN ou ISBN",
                "GTIN, UPC, EAN oder ISBN",
                "GTIN, UPC, EAN o ISBN");
        int known = header.find("Name", "Nom", "Nombre", "Nome", "Naam", "Nazwa");
        int skuNamed = header.find("SKU", "UGS", "Artikelnummer", "COD", "REF");
        sku = skuNamed >= 0 ? skuNamed : 2;
        name = known >= 0 ? known : header.name(3).contains("GTIN") ? 4 : 3;
        published = otherwise(
                header.find(
                        "Published",
                        "Publié",
                        "Veröffentlicht",
                        "Publicado",
                        "Pubblicato",
                        "Gepubliceerd",
                        "Opublikowany",
                        "Opublikowano"),
                name + 1);
        visibility = otherwise(
                header.find(
                        "Visibility in catalog",
                        "Visibility in catalogue",
                        "Visibilité dans le catalogue",
                        "Sichtbarkeit im Katalog",
                        "Visibilidad en el catálogo",
                        "Visibilità nel catalogo",
                        "Zichtbaarheid in catalogus",
                        "Visibilidade no catálogo",
                        "Widoczność w katalogu"),
                name + 3);
        summary = otherwise(
                header.find(
                        "Short description",
                        "Description courte",
                        "Kurzbeschreibung",
                        "Descripción corta",
                        "Breve descrizione",
                        "Descrizione breve",
                        "Korte beschrijving",
                        "Descrição curta",
                        "Krótki opis"),
                name + 4);
        description = otherwise(
                header.find(
                        "Description",
                        "Beschreibung",
                        "Descripción",
                        "Descrizione",
                        "Beschrijving",
                        "Descrição",
                        "Opis"),
                name + 5);
        images = otherwise(
                header.find(
                        "Images",
                        "Image",
                        "Bilder",
                        "Imágenes",
                        "Immagini",
                        "Immagine",
                        "Afbeeldingen",
                        "Imagens",
                        "Obrazki"),
                pictures(header, rows));
        salePrice = header.find(
                "Sale price",
                "Tarif promo",
                "Angebotspreis",
                "Precio rebajado",
                "Prezzo in offerta",
                "Actieprijs",
                "Preço promocional",
                "Cena promocyjna");
        price = otherwise(
                header.find(
                        "Regular price",
                        "Tarif régulier",
                        "Regulärer Preis",
                        "Precio normal",
                        "Prezzo di listino",
                        "Reguliere prijs",
                        "Preço",
                        "Cena"),
                images - 4);
        categories = otherwise(
                header.find(
                        "Categories",
                        "Catégories",
                        "Kategorien",
                        "Categorías",
                        "Categorie",
                        "Categorieën",
                        "Categorias",
                        "Kategorie"),
                images - 3);
        tags = otherwise(
                header.find("Tags", "Étiquettes", "Schlagwörter", "Schlagworte", "Etiquetas", "Tag", "Tagi"),
                images - 2);
        parent = otherwise(
                header.find(
                        "Parent",
                        "Übergeordnetes Produkt",
                        "Übergeordnet",
                        "Superior",
                        "Principal",
                        "Genitore",
                        "Hoofd",
                        "Ascendente",
                        "Nadrzędny"),
                images + 3);
        attributes(header);
    }

    /** Whether it is WooCommerce's at all: a first column ID, a second one of product types. */
    static boolean fits(Header header, List<Row> rows) {
        return header.find("ID") == 0
                && header.size() > 10
                && rows.stream().anyMatch(row -> !row.get(1).isEmpty())
                && rows.stream()
                        .map(row -> row.get(1).split(",")[0].strip())
                        .filter(type -> !type.isEmpty())
                        .limit(10)
                        .allMatch(TYPES::contains);
    }

    private static int otherwise(int found, int usual) {
        return found >= 0 ? found : usual;
    }

    /** The first column after the texts in which pictures are named. */
    private static int pictures(Header header, List<Row> rows) {
        for (Row row : rows) {
            for (int column = 10; column < header.size(); column++) {
                if (PICTURE.matcher(row.get(column)).matches()) {
                    return column;
                }
            }
        }
        return -1;
    }

    private void attributes(Header header) {
        for (int column = 10; column < header.size(); column++) {
            String name = Text.folded(header.name(column));
            Matcher number = NUMBERED.matcher(name);
            if (!number.matches() || !mentions(name, ATTRIBUTE) || !mentions(name, NAMES)) {
                continue;
            }
            for (int values = column + 1; values <= column + 3; values++) {
                String other = Text.folded(header.name(values));
                Matcher same = NUMBERED.matcher(other);
                if (mentions(other, VALUES) && same.matches() && same.group(1).equals(number.group(1))) {
                    attributes.add(new Attribute(column, values));
                    break;
                }
            }
        }
    }

    private static boolean mentions(String header, Set<String> words) {
        return words.stream().anyMatch(header::contains);
    }
}
