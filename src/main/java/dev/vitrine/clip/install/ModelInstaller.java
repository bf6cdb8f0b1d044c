package dev.vitrine.clip.install;

import dev.vitrine.clip.FileHashes;
import dev.vitrine.clip.ModelFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts a model of the catalogue into the folder of models.
 *
 * <p>Files arrive in a hidden folder beside the place where the model shall be, are verified there, and the folder is
 * renamed at the end: a model is there as a whole or not at all. What an installation that was stopped has left is used
 * by the next one.
 */
public final class ModelInstaller {

    private static final long SPARE_BYTES = 64L << 20;

    private final Path models;
    private final ModelSource source;

    /** @param models the folder of models, made when needed */
    public ModelInstaller(Path models, ModelSource source) {
        this.models = models.toAbsolutePath().normalize();
        this.source = source;
    }

    /**
     * Installs a model, unless a model of this name is there already.
     *
     * @return the model's folder
     * @throws InstallException where it cannot be had, is not what the catalogue says, or another process installs it
     * @throws IOException when writing fails
     */
    public Path install(CatalogueModel model, InstallProgress progress) throws IOException, InterruptedException {
        Path target = models.resolve(model.name());
        Files.createDirectories(models);
        Path lockFile = models.resolve("." + model.name() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, model)) {
            if (Files.exists(target)) {
                progress.note(model.name() + " is installed already; remove " + target + " to install it anew");
            } else {
                installInto(target, model, progress);
            }
            return target;
        }
    }

    private static FileLock lock(FileChannel channel, CatalogueModel model) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new InstallException(model.name() + " is being installed by another process; wait for that one");
        }
        return lock;
    }

    private void installInto(Path target, CatalogueModel model, InstallProgress progress)
            throws IOException, InterruptedException {
        Path partial = models.resolve("." + model.name() + ".partial");
        Files.createDirectories(partial);
        requireSpace(model, partial);
        for (CatalogueFile file : model.files()) {
            Path place = partial.resolve(file.saveAs());
            Files.createDirectories(place.getParent());
            if (isVerified(place, file)) {
                progress.note(file.saveAs() + " is here already");
            } else {
                bring(model, file, place, progress);
            }
            progress.completed(file.saveAs(), file.sha256().isPresent());
        }
        ModelFolder.open(partial);
        for (Path folder : folders(partial)) {
            force(folder);
        }
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        force(models);
    }

    private void bring(CatalogueModel model, CatalogueFile file, Path place, InstallProgress progress)
            throws IOException, InterruptedException {
        Path part = place.resolveSibling(place.getFileName() + ".part");
        if (file.sha256().isEmpty()) {
            HttpSource.forget(part); // without a sum, two halves of different files would pass for one
        }
        boolean resumed = Files.exists(part);
        source.fetch(model, file, part, progress);
        Optional<String> fault = fault(part, file);
        if (fault.isPresent() && resumed) {
            progress.note(file.file() + " does not fit what an earlier try had left, so it starts anew");
            HttpSource.forget(part);
            source.fetch(model, file, part, progress);
            fault = fault(part, file);
        }
        if (fault.isPresent()) {
            HttpSource.forget(part);
            throw new InstallException(fault.get() + ". Nothing was installed: the source has another file or a damaged"
                    + " one; try another source with --from, or correct models/catalogue.yaml if you trust it");
        }
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        HttpSource.forget(part);
    }

    private static boolean isVerified(Path place, CatalogueFile file) throws IOException {
        return file.sha256().isPresent()
                && Files.isRegularFile(place)
                && fault(place, file).isEmpty();
    }

    /** What is wrong with a file, compared with the catalogue. */
    static Optional<String> fault(Path path, CatalogueFile file) throws IOException {
        long bytes = Files.size(path);
        if (file.bytes().isPresent() && file.bytes().getAsLong() != bytes) {
            return Optional.of(file.saveAs() + " has " + bytes + " bytes where the catalogue says "
                    + file.bytes().getAsLong());
        }
        if (file.sha256().isPresent()) {
            String sha256 = FileHashes.compute(path);
            if (!sha256.equals(file.sha256().get())) {
                return Optional.of(file.saveAs() + " has SHA-256 " + sha256 + " where the catalogue says "
                        + file.sha256().get());
            }
        }
        return Optional.empty();
    }

    /**
     * Compares an installed model with the catalogue.
     *
     * @return what is wrong, one line each; empty when every file is as it should be
     */
    public static List<String> faults(Path folder, CatalogueModel model) throws IOException {
        List<String> faults = new ArrayList<>();
        for (CatalogueFile file : model.files()) {
            Path path = folder.resolve(file.saveAs());
            if (Files.isRegularFile(path)) {
                fault(path, file).ifPresent(faults::add);
            } else {
                faults.add(file.saveAs() + " is missing");
            }
        }
        return faults;
    }

    private static void requireSpace(CatalogueModel model, Path partial) throws IOException {
        long here = 0;
        try (Stream<Path> files = Files.walk(partial)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                here += Files.size(file);
            }
        }
        long need = model.bytes() - here + SPARE_BYTES;
        long free = Files.getFileStore(partial).getUsableSpace();
        if (free < need) {
            throw new InstallException(model.name() + " needs " + (need >> 20) + " MB in " + partial.getParent()
                    + ", where " + (free >> 20) + " MB are free");
        }
    }

    private static List<Path> folders(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(Files::isDirectory).toList();
        }
    }

    /** Makes a folder's entries survive a power cut, where the system can: Windows opens no folders. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The rename is still atomic, it may only come later.
        }
    }
}
