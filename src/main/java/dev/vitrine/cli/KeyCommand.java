package dev.vitrine.cli;

import dev.vitrine.http.keys.ApiKey;
import dev.vitrine.http.keys.KeysFile;
import dev.vitrine.http.keys.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes and ends API keys. A running service sees the change within a second or two. */
@Command(name = "key", description = "Makes, lists and ends API keys.", mixinStandardHelpOptions = true)
final class KeyCommand implements Runnable {
    private static final Pattern DAYS = Pattern.compile("(\\d{1,5})d");

    /** The one in use and the one that follows it. */
    private static final int LIVE_KEYS_A_NAME = 2;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with keys: create, list or revoke");
    }

    @Command(name = "create", description = "Makes a key and shows it, this once.", mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME", description = "whose key it is, such as shop-backend") String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            required = true,
                            description =
                                    "read (search, look), write (also upload, delete, retry) or admin (also keys)")
                    String role,
            @Option(
                            names = "--collections",
                            paramLabel = "A,B",
                            split = ",",
                            description = "the collections that it may touch; default is all")
                    List<String> collections,
            @Option(
                            names = "--expires",
                            paramLabel = "DAYS",
                            description = "when it ends, such as 90d; default is never")
                    String expires)
            throws Exception {
        KeysFile file = file();
        Instant now = clock.instant();
        String key = ApiKey.random();
        ApiKey known;
        try {
            known = ApiKey.of(key, name, Role.ofWord(role), collections, now, end(expires, now));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        long live = read(file).stream()
                .filter(other -> other.name().equals(name) && !other.isExpired(now))
                .count();
        if (live >= LIVE_KEYS_A_NAME) {
            throw new CommandFailedException(name + " has two keys already; see ./vitrine key list and end one with"
                    + " ./vitrine key revoke ID");
        }
        file.add(known);
        PrintWriter out = spec.commandLine().getOut();
        out.println(key);
        spec.commandLine()
                .getErr()
                .println(
                        "This is the only time that it is shown. Sent as the header X-API-Key or Authorization: Bearer,"
                                + " it has the role " + known.role().word()
                                + (known.expires() == null ? "." : " until " + known.expires() + "."));
        return 0;
    }

    @Command(name = "list", description = "Shows what keys there are, not the keys.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "prints JSON, for programs") boolean json) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<ApiKey> keys = read(file());
        if (json) {
            ReadOptions.print(
                    keys.stream()
                            .map(key -> new ApiKeyView(
                                    key.id(), key.name(), key.role(), key.collections(), key.created(), key.expires()))
                            .toList(),
                    out);
            return 0;
        }
        if (keys.isEmpty()) {
            out.println("None; make one with: ./vitrine key create NAME --role write");
            return 0;
        }
        Table table = new Table("ID", "NAME", "ROLE", "COLLECTIONS", "CREATED", "EXPIRES");
        for (ApiKey key : keys) {
            table.row(
                    key.id(),
                    key.name(),
                    key.role().word(),
                    key.collections().isEmpty() ? "all" : String.join(",", key.collections()),
                    key.created(),
                    key.expires() == null
                            ? "never"
                            : key.expires() + (key.isExpired(clock.instant()) ? " (expired)" : ""));
        }
        table.print(out, 0);
        return 0;
    }

    @Command(name = "revoke", description = "Ends a key, or all keys of a name.", mixinStandardHelpOptions = true)
    int revoke(@Parameters(paramLabel = "ID|NAME", description = "as ./vitrine key list shows it") String which)
            throws Exception {
        KeysFile file = file();
        read(file);
        List<ApiKey> gone = file.remove(which);
        if (gone.isEmpty()) {
            throw new CommandFailedException("There is no key " + which + "; see: ./vitrine key list");
        }
        for (ApiKey key : gone) {
            spec.commandLine().getOut().println("Revoked " + key.id() + " of " + key.name());
        }
        return 0;
    }

    /** What is shown of a key. */
    record ApiKeyView(String id, String name, Role role, List<String> collections, String created, String expires) {}

    private static KeysFile file() {
        return new KeysFile(Main.settings(Map.of()).http().keysFile());
    }

    private static List<ApiKey> read(KeysFile file) throws CommandFailedException {
        try {
            return file.read();
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The keys file " + file.path() + " cannot be used: " + e.getMessage() + ". Mend or remove it");
        }
    }

    private Instant end(String expires, Instant now) {
        if (expires == null) {
            return null;
        }
        Matcher days = DAYS.matcher(expires);
        if (!days.matches() || Integer.parseInt(days.group(1)) == 0) {
            throw new ParameterException(
                    spec.commandLine(), "--expires is '" + expires + "'; write a number of days, such as 90d");
        }
        return now.plus(Duration.ofDays(Long.parseLong(days.group(1))));
    }
}
