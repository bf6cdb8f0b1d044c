package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {
    private static String print(int width) {
        StringWriter out = new StringWriter();
        new Table("JOB", "STATUS", "ERROR")
                .row("01a21999-0000-7000-8000-000000000001", "failed", "The picture is damaged and cannot be read.")
                .row("x", "completed", "")
                .print(new PrintWriter(out), width);
        return out.toString();
    }

    @Test
    void columnsAreAsWideAsWhatIsInThem() {
        assertThat(print(0).lines())
                .containsExactly(
                        "JOB                                   STATUS     ERROR",
                        "01a21999-0000-7000-8000-000000000001  failed     The picture is damaged and cannot be read.",
                        "x                                     completed");
    }

    @Test
    void theLastColumnIsCutFirstAndSaysSo() {
        assertThat(print(70).lines()).allMatch(line -> line.length() <= 70).anyMatch(line -> line.endsWith("…"));
        assertThat(print(70)).contains("01a21999-0000-7000-8000-000000000001  failed     The picture is");
    }

    @Test
    void whatWouldSteerTheTerminalIsWrittenAsAnEscape() {
        StringWriter out = new StringWriter();
        new Table("PRODUCT").row("a\u202Eb \u001B[31m").print(new PrintWriter(out), 0);
        assertThat(out.toString().lines()).contains("a\\u202eb \\u001b[31m");
    }

    @Test
    void aVeryNarrowTerminalStillShowsEveryColumn() {
        assertThat(print(40).lines()).allMatch(line -> line.length() <= 40);
        assertThat(print(40)).contains("failed", "…");
    }
}
