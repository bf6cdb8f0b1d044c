package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of docs/catalogues.md, on a sample of each export. */
class CataloguesGuideTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n# .*\n(\\./vitrine import .*)\n```");
    private static final Path SAMPLES = Path.of("src/test/resources/catalogues");

    /** What a shop's file is called, the sample that stands for it, and what it is to be taken for. */
    private static final Map<String, List<String>> FILES = Map.of(
            "products_export.csv", List.of("shopify-2024.csv", "Shopify"),
            "wc-product-export.csv", List.of("woocommerce-french.csv", "WooCommerce"),
            "export_catalog_product.csv", List.of("magento.csv", "Magento 2"),
            "products.csv", List.of("prestashop.csv", "PrestaShop, products"),
            "combinations.csv", List.of("prestashop-combinations.csv", "PrestaShop, combinations"),
            "merchant.xml", List.of("merchant.xml", "Google Merchant, XML"),
            "merchant.tsv", List.of("merchant-table.tsv", "Google Merchant, table"),
            "vision.csv", List.of("vision.csv", "Google Vision Product Search"),
            "table.csv", List.of("plain.csv", "a table"),
            "lines.jsonl", List.of("lines.jsonl", "JSON Lines"));

    @TempDir
    private Path folder;

    @Test
    void everyExportIsLoadedInTwoLines() throws IOException {
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/catalogues.md")));
        List<String> commands = new ArrayList<>();
        while (blocks.find()) {
            commands.addAll(List.of(blocks.group(1).split(" && ")));
        }
        assertThat(commands).hasSize(FILES.size() + 1);
        for (String command : commands) {
            run(command);
        }
    }

    private void run(String command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        String file = words.get(2);
        String format = "a folder of pictures";
        if (file.endsWith("/")) {
            Files.write(Files.createDirectories(folder.resolve(file)).resolve("mug.jpg"), new byte[] {1});
        } else {
            assertThat(FILES).containsKey(file);
            Files.copy(SAMPLES.resolve(FILES.get(file).get(0)), folder.resolve(file));
            format = FILES.get(file).get(1);
        }
        words.set(2, folder.resolve(file).toString());
        words.addAll(List.of("--dry-run", "--state", folder.resolve("state").toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        commandLine.execute(words.subList(1, words.size()).toArray(String[]::new));

        assertThat(err.toString()).as(command).contains("Reading " + format);
        assertThat(out.toString()).as(command).containsPattern("Would send [1-9]\\d* pictures");
    }
}
