package dev.vitrine.cli.doctor;

import dev.vitrine.Settings;
import dev.vitrine.part.Diagnosis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks at folders and files of an installation: may they be written, is there room, who may read them. */
final class FolderExamination {
    private static final String TO_THE_SERVICE =
            "give it to the user whom the service runs as (sudo chown), or name another folder";
    private static final int SCARCE = 3;

    private final Settings settings;

    FolderExamination(Settings settings) {
        this.settings = settings;
    }

    List<Diagnosis> run() {
        List<Diagnosis> all = new ArrayList<>();
        Path data = settings.dataDir();
        all.add(writable("data folder", data, "VITRINE_DATA_DIR"));
        if (!settings.intake().inbox().startsWith(data) && settings.role().isApi()) {
            all.add(writable("drop folder", settings.intake().inbox(), "VITRINE_INBOX"));
        }
        all.add(room(existing(data)));
        all.add(executes(existing(data)));
        all.add(writable("temporary folder", Path.of(System.getProperty("java.io.tmpdir")), "java.io.tmpdir"));
        all.addAll(secrets());
        return all;
    }

    /** A folder that is not there yet is made at the start, in the nearest one that is. */
    private static Path existing(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    private static Diagnosis writable(String subject, Path folder, String variable) {
        Path there = existing(folder);
        String found = folder + (there.equals(folder.toAbsolutePath().normalize()) ? "" : ", not there yet");
        if (!Files.isDirectory(there)) {
            return Diagnosis.fault(subject, there + " is not a folder", "name another one in " + variable);
        }
        try {
            Files.delete(Files.createTempFile(there, ".doctor-", ".tmp"));
            return Diagnosis.good(subject, found);
        } catch (IOException e) {
            return Diagnosis.fault(
                    subject,
                    there + " may not be written by " + System.getProperty("user.name") + " ("
                            + e.getClass().getSimpleName() + ")",
                    TO_THE_SERVICE + " in " + variable);
        }
    }

    private Diagnosis room(Path data) {
        long least = settings.intake().minFreeBytes();
        try {
            long free = Files.getFileStore(data).getUsableSpace();
            String found = megabytes(free) + " free of "
                    + megabytes(Files.getFileStore(data).getTotalSpace());
            if (free < least) {
                return Diagnosis.fault(
                        "disk",
                        found + "; uploads are refused",
                        "free space, or lower VITRINE_MIN_FREE (" + megabytes(least) + ")");
            }
            return free < SCARCE * least
                    ? Diagnosis.advice(
                            "disk",
                            found,
                            "free space: below VITRINE_MIN_FREE (" + megabytes(least) + ") uploads are" + " refused")
                    : Diagnosis.good("disk", found);
        } catch (IOException e) {
            return Diagnosis.fault("disk", data + " does not tell its room: " + e.getMessage(), TO_THE_SERVICE);
        }
    }

    /** The embedded Redis and the native libraries are unpacked there and run. */
    private static Diagnosis executes(Path data) {
        Path probe = null;
        try {
            probe = Files.createTempFile(data, ".doctor-", ".tmp");
            boolean executes = probe.toFile().setExecutable(true, true) && Files.isExecutable(probe);
            return executes
                    ? Diagnosis.good("programs in the data folder", "may run")
                    : Diagnosis.fault(
                            "programs in the data folder",
                            "may not run: its file system is mounted noexec",
                            "mount it with exec, as native libraries and the embedded Redis are unpacked there");
        } catch (IOException e) {
            return Diagnosis.advice("programs in the data folder", "not looked at: it may not be written", "");
        } finally {
            if (probe != null) {
                probe.toFile().delete();
            }
        }
    }

    private List<Diagnosis> secrets() {
        List<Diagnosis> all = new ArrayList<>();
        Path properties = settings.home().resolve("config/application.properties");
        Stream<Path> tls = settings.http().tls().map(files -> files.key()).stream();
        Stream.concat(Stream.of(properties, settings.http().keysFile()), tls)
                .filter(Files::isRegularFile)
                .forEach(file -> all.add(readers(file)));
        return all;
    }

    private static Diagnosis readers(Path file) {
        String subject = "readers of " + file.getFileName();
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)
                    ? Diagnosis.advice(subject, file + " is readable by everybody here", "chmod o= " + file)
                    : Diagnosis.good(subject, "not everybody");
        } catch (IOException | UnsupportedOperationException e) {
            return Diagnosis.good(subject, "not told by this system");
        }
    }

    private static String megabytes(long bytes) {
        return bytes >= 10L << 30 ? (bytes >> 30) + " GB" : (bytes >> 20) + " MB";
    }
}
