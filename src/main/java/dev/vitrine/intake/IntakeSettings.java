package dev.vitrine.intake;

import dev.vitrine.http.outbound.AllowedHosts;
import dev.vitrine.http.outbound.NameResolver;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.nio.file.Path;
import java.util.List;

/**
 * What is taken in, and when it is too much.
 *
 * @param inbox the drop folder
 * @param maxUploadBytes size of a picture file, at most
 * @param maxCatalogueBytes size of a catalogue's file in a request, at most
 * @param maxQueue how many jobs may wait before uploads are refused
 * @param minFreeBytes how much room the spool's disk must have for uploads to be taken
 * @param fetchHosts the hosts that pictures may be fetched from
 */
public record IntakeSettings(
        Path inbox,
        long maxUploadBytes,
        long maxCatalogueBytes,
        long maxQueue,
        long minFreeBytes,
        AllowedHosts fetchHosts) {
    private static final Setting<String> INBOX = Setting.path("VITRINE_INBOX", "./data/inbox", "the drop folder");
    private static final Setting<Long> MAX_UPLOAD = Setting.size("VITRINE_MAX_UPLOAD", "20MB", "largest picture file");
    private static final Setting<Long> MAX_CATALOGUE =
            Setting.size("VITRINE_MAX_CATALOGUE", "1GB", "largest catalogue that `POST /imports` takes as a file");
    private static final Setting<Long> MAX_QUEUE = Setting.number(
            "VITRINE_MAX_QUEUE",
            100_000,
            1,
            1_000_000_000,
            "how many jobs may wait before uploads are answered with `429`");
    private static final Setting<Long> MIN_FREE = Setting.size(
            "VITRINE_MIN_FREE",
            "1GB",
            "how much room the data folder's disk must have left; with less, uploads are answered with `503`");
    private static final Setting<List<String>> FETCH_HOSTS = Setting.list(
            "VITRINE_FETCH_HOSTS",
            AllowedHosts.ENTRY,
            AllowedHosts.ENTRY_RULE,
            "hosts that routes may fetch pictures from by URL: `name`, `name:port` or `*.name`, between commas; what leads"
                    + " to this machine or into a private network needs its address or block too, such as `10.0.0.0/8`");

    /** All that is read here. */
    public static final List<Setting<?>> ALL =
            List.of(INBOX, MAX_UPLOAD, MAX_CATALOGUE, MAX_QUEUE, MIN_FREE, FETCH_HOSTS);

    /**
     * Reads an installation's settings.
     *
     * @param dataDir the data folder
     */
    public static IntakeSettings read(SettingSource source, Path dataDir) {
        return new IntakeSettings(
                INBOX.read(source, dataDir.resolve("inbox")),
                MAX_UPLOAD.read(source),
                MAX_CATALOGUE.read(source),
                MAX_QUEUE.read(source),
                MIN_FREE.read(source),
                new AllowedHosts("VITRINE_FETCH_HOSTS", FETCH_HOSTS.read(source), NameResolver.SYSTEM));
    }
}
