package dev.vitrine.intake.drop;

import dev.vitrine.http.ProblemException;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.UnusablePictureException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A look into the drop folder: each file is judged by itself and taken, refused, or left there, and whatever is wrong with
 * one keeps no other waiting. One thread.
 */
final class Sweep {
    /** The endings of pictures' names. */
    static final Set<String> PICTURES =
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff");

    /** How browsers, synchronisers and editors call what they have not finished. */
    private static final Set<String> UNFINISHED =
            Set.of("part", "partial", "filepart", "tmp", "temp", "crdownload", "download", "opdownload", "swp");

    /** What Windows puts into folders. */
    /** What lies in this folder is for the route {@code imports-drop}. */
    private static final String CATALOGUES = "catalogues";

    private static final Set<String> IGNORED = Set.of("thumbs.db", "desktop.ini");

    /** How long JSON may lie without a picture. */
    static final Duration ORPHAN = Duration.ofMinutes(10);

    private static final int AT_ONCE = 500;

    private final Path inbox;
    private final WorkFolder work;
    private final Settling settling;
    private final Notes notes;
    private final Troubles troubles;
    private final Refusals refusals;
    private final PictureInspector inspector;
    private final LateJson late;

    Sweep(
            Path inbox,
            WorkFolder work,
            Settling settling,
            Notes notes,
            Troubles troubles,
            PictureInspector inspector,
            Clock clock) {
        this.inbox = inbox;
        this.work = work;
        this.settling = settling;
        this.notes = notes;
        this.troubles = troubles;
        this.inspector = inspector;
        this.refusals = new Refusals(inbox.resolve(".failed"), work.marks(), notes);
        this.late = new LateJson(inbox, clock);
    }

    /** @throws IOException when the folder itself cannot be used */
    void run() throws IOException {
        SortedMap<FileName, Seen> files = Seen.in(inbox);
        Set<String> marks = work.marks().all();
        Set<String> present = new HashSet<>();
        if (!marks.isEmpty()) {
            files.values().forEach(file -> present.add(file.mark()));
        }
        for (String mark : marks) {
            if (!present.contains(mark)) {
                work.marks().forget(mark);
            }
        }
        SortedMap<FileName, Seen> open = new TreeMap<>(files);
        open.values().removeIf(file -> marks.contains(file.mark()));
        Map<FileName, Seen> sidecars = sidecars(open.values());
        Set<FileName> belonging = new HashSet<>();
        int taken = 0;
        for (Seen file : inOrder(open.values())) {
            Seen sidecar = sidecar(file.name(), sidecars);
            if (sidecar != null && !belonging.add(sidecar.name())) {
                sidecar = null; // another picture has it
            }
            // One that failed before is tried by itself, so that it cannot keep others waiting.
            if (taken < (troubles.has(file.name()) ? 1 : AT_ONCE) && alone(file, sidecar)) {
                taken++;
            }
        }
        for (Seen file : open.values()) {
            if (!isPicture(file) && !belonging.contains(file.name())) {
                alone(file, null);
            }
        }
        settling.keep(files.keySet());
        troubles.keep(name -> files.containsKey(name) || work.holds(name));
        notes.keep(files.keySet());
    }

    /** The pictures, those that failed before last. */
    private List<Seen> inOrder(Collection<Seen> files) {
        return files.stream()
                .filter(Sweep::isPicture)
                .sorted(Comparator.comparing(file -> troubles.has(file.name())))
                .toList();
    }

    private static boolean isPicture(Seen file) {
        return !file.attributes().isDirectory() && PICTURES.contains(file.name().extension());
    }

    private static boolean isJson(FileName name) {
        return name.extension().equals("json");
    }

    /** By their names without {@code .json}. */
    private static Map<FileName, Seen> sidecars(Collection<Seen> files) {
        Map<FileName, Seen> sidecars = new HashMap<>();
        for (Seen file : files) {
            if (isJson(file.name())) {
                sidecars.putIfAbsent(file.name().stem(), file);
            }
        }
        return sidecars;
    }

    private static Seen sidecar(FileName picture, Map<FileName, Seen> sidecars) {
        Seen own = sidecars.get(picture);
        return own != null ? own : sidecars.get(picture.stem());
    }

    /** Whatever happens, it happens to this file alone. */
    private boolean alone(Seen file, Seen sidecar) throws IOException {
        try {
            return judge(file, sidecar);
        } catch (IOException e) {
            notes.once(file.name(), Refusals.cannot("be taken yet", e));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            refusals.refuse(
                    file,
                    "It cannot be looked at (" + e.getClass().getSimpleName() + "). Save it again, as JPEG or PNG.");
        }
        return false;
    }

    private boolean judge(Seen file, Seen sidecar) throws IOException {
        if (sidecar != null) {
            settling.still(sidecar); // from now on
        }
        FileName name = file.name();
        if (file.attributes().isDirectory()) {
            if (!name.text().equals(CATALOGUES)) {
                notes.once(name, "is a folder, and folders are not looked into. Drop the pictures themselves");
            }
            return false;
        }
        if (IGNORED.contains(name.text().toLowerCase(Locale.ROOT))) {
            return false;
        }
        if (!isUsable(file) || settling.still(file).compareTo(Settling.STILL) < 0) {
            return false;
        }
        if (!name.isText()) {
            refusals.refuse(file, "Its name is not UTF-8. Give it a name of letters and digits.");
            return false;
        }
        if (name.encoded().length() > WorkFolder.MAX_NAME) {
            refusals.refuse(
                    file,
                    "Its name is too long. Give it one of at most " + WorkFolder.MAX_NAME
                            + " letters and digits; any other letter counts for six or nine.");
            return false;
        }
        if (isPicture(file)) {
            return picture(file, sidecar);
        }
        if (isJson(name)) {
            orphan(file);
        } else {
            other(file);
        }
        return false;
    }

    /** Regular files only are opened: reading anything else may never end. */
    private boolean isUsable(Seen file) throws IOException {
        if (file.attributes().isRegularFile()) {
            return true;
        }
        if (!file.attributes().isSymbolicLink()) {
            notes.once(file.name(), "is a pipe, socket or device and is passed over. Remove it");
            return false;
        }
        try {
            if (Files.readAttributes(file.path(), BasicFileAttributes.class).isRegularFile()) {
                return true;
            }
            notes.once(file.name(), "is a link to something that is no file and is passed over. Remove it");
        } catch (AccessDeniedException e) {
            refusals.refuse(file, "It is a link to what the service may not read. Drop the file itself.");
        } catch (FileSystemException e) {
            refusals.refuse(file, "It is a link that leads nowhere. Drop the file itself.");
        }
        return false;
    }

    private boolean picture(Seen file, Seen sidecar) throws IOException {
        if (sidecar != null && !Files.isRegularFile(sidecar.path())) {
            refusals.refuse(
                    file, sidecar.name().shown() + " beside it is not a file. Remove it, then drop the picture again.");
            return false;
        }
        Optional<String> trouble = troubles.givenUp(file.name());
        if (trouble.isPresent()) {
            refusals.refuse(file, trouble.get());
            return false;
        }
        Settling.Verdict verdict = settling.picture(file);
        switch (verdict.action()) {
            case SAY -> notes.waiting(file.name(), verdict.reason());
            case REFUSE -> refusals.refuse(file, verdict.reason());
            case TAKE -> {
                return isComplete(sidecar) && take(file, sidecar);
            }
            default -> {
                // its time comes
            }
        }
        return false;
    }

    /** JSON that does not parse may still be in the writing, for a while. */
    private boolean isComplete(Seen sidecar) {
        if (sidecar == null) {
            return true;
        }
        Duration still = settling.still(sidecar);
        if (still.compareTo(Settling.STILL) < 0 || still.compareTo(Settling.REFUSE) >= 0) {
            return still.compareTo(Settling.STILL) >= 0;
        }
        try {
            Sidecar.read(sidecar.path(), sidecar.name().shown());
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    private boolean take(Seen file, Seen sidecar) throws IOException {
        if (work.isInHand(file.name())) {
            return false;
        }
        boolean held = settling.still(file).compareTo(Settling.REFUSE) >= 0;
        try {
            if (!work.take(file, sidecar, held)) {
                return false;
            }
        } catch (FileSystemException e) {
            if (held) {
                throw e;
            }
            return false; // whoever copies it may hold it for a moment
        }
        notes.done(file.name());
        if (work.isStuck(file.name())) {
            notes.once(
                    file.name(),
                    "is taken, and cannot be moved out of the folder. It is not taken again; its owner may remove it");
        }
        return true;
    }

    /** JSON without a picture: it is late, or its picture is. */
    private void orphan(Seen file) throws IOException {
        Duration still = settling.still(file);
        if (still.compareTo(Settling.STILL_UNPROVEN) < 0) {
            return;
        }
        if (late.bringBack(file.name())) {
            notes.once(file.name(), "came after its picture, which is taken again with it");
        } else if (still.compareTo(ORPHAN) >= 0) {
            refusals.refuse(
                    file,
                    "No picture of this name came within " + ORPHAN.toMinutes() + " minutes. Drop both together.");
        } else if (still.compareTo(Settling.STALLED) >= 0) {
            notes.waiting(
                    file.name(),
                    "waits for a picture of the same name. After " + ORPHAN.toMinutes()
                            + " minutes without one it goes to .failed/.");
        }
    }

    private void other(Seen file) throws IOException {
        Duration still = settling.still(file);
        boolean unfinished = UNFINISHED.contains(file.name().extension())
                || file.name().text().endsWith("~");
        if (unfinished) {
            if (still.compareTo(Settling.GIVEN_UP) >= 0) {
                refusals.refuse(
                        file, "By its name it is a copy or download that was not finished. Drop the finished file.");
            } else if (still.compareTo(Settling.STALLED) >= 0) {
                notes.waiting(
                        file.name(),
                        "is by its name a copy or download that is not finished. It is left alone; after "
                                + Settling.GIVEN_UP.toHours() + " hour without a change it goes to .failed/.");
            }
        } else if (still.compareTo(Settling.REFUSE) >= 0) {
            refusals.refuse(file, kind(file));
        }
    }

    private String kind(Seen file) {
        try {
            return "By its content it is a " + inspector.inspect(file.path()).format()
                    + " picture, but its name does not end like one (.jpg, .png, .webp, .gif, .bmp, .tif). Rename it.";
        } catch (UnusablePictureException e) {
            return e.getMessage();
        } catch (IOException e) {
            return "It " + Refusals.cannot("be read", e);
        }
    }
}
