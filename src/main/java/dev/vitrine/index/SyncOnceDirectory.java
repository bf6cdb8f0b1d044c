package dev.vitrine.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/**
 * Forces each file to disk once. Lucene forces all files of all segments with every commit, though it never changes a file
 * once written; with a commit for every few points that would be most of the cost.
 */
final class SyncOnceDirectory extends FilterDirectory {

    private final Set<String> synced = ConcurrentHashMap.newKeySet();

    SyncOnceDirectory(Directory directory) {
        super(directory);
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        synced.remove(name);
        return super.createOutput(name, context);
    }

    @Override
    public void deleteFile(String name) throws IOException {
        synced.remove(name);
        super.deleteFile(name);
    }

    @Override
    public void rename(String source, String target) throws IOException {
        boolean onDisk = synced.remove(source);
        synced.remove(target);
        super.rename(source, target);
        if (onDisk) {
            synced.add(target);
        }
    }

    @Override
    public void sync(Collection<String> names) throws IOException {
        Collection<String> unsynced = new ArrayList<>(names);
        unsynced.removeAll(synced);
        super.sync(unsynced);
        synced.addAll(unsynced);
    }
}
