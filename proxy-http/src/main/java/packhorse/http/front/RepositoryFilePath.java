package packhorse.http.front;

import java.util.List;

/// The path of a file in a repository, split where the repository ends and the file begins
/// (gitrepository-layout).
///
/// @param repository without a slash at the end
/// @param file without a slash at the beginning; empty if the path names only a repository
record RepositoryFilePath(String repository, String file) {
  private static final List<String> FOLDERS = List.of("/info/", "/objects/", "/refs/", "/logs/");
  private static final List<String> FILES =
      List.of("/HEAD", "/packed-refs", "/config", "/description");

  /// Splits after the last segment that ends in `.git`; without one, before what looks like a file
  /// of a repository; otherwise the whole path is the repository.
  static RepositoryFilePath split(String path) {
    int dotGit = path.lastIndexOf(".git/");
    if (dotGit >= 0) return splitAt(path, dotGit + 4);
    for (String folder : FOLDERS) {
      int index = path.indexOf(folder, 1);
      if (index > 0) return splitAt(path, index);
    }
    for (String file : FILES) {
      if (path.endsWith(file) && path.length() > file.length()) {
        return splitAt(path, path.length() - file.length());
      }
    }
    return new RepositoryFilePath(path, "");
  }

  private static RepositoryFilePath splitAt(String path, int slash) {
    return new RepositoryFilePath(path.substring(0, slash), path.substring(slash + 1));
  }
}
