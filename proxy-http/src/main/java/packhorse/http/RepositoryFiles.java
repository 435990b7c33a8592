package packhorse.http;

import java.util.List;

/// Tells where in a path the repository ends and a file of it begins (gitrepository-layout).
final class RepositoryFiles {
  private static final List<String> FOLDERS = List.of("/info/", "/objects/", "/refs/", "/logs/");
  private static final List<String> FILES =
      List.of("/HEAD", "/packed-refs", "/config", "/description");

  private RepositoryFiles() {}

  /// Both without a slash between them.
  record Split(String repository, String file) {}

  /// Splits behind the last part that ends in `.git`, else before what looks like a file of a
  /// repository; otherwise all of it is the repository.
  static Split split(String path) {
    int git = path.lastIndexOf(".git/");
    if (git >= 0) return at(path, git + 4);
    for (String folder : FOLDERS) {
      int folderAt = path.indexOf(folder, 1);
      if (folderAt > 0) return at(path, folderAt);
    }
    for (String file : FILES) {
      if (path.endsWith(file) && path.length() > file.length()) {
        return at(path, path.length() - file.length());
      }
    }
    return new Split(path, "");
  }

  private static Split at(String path, int slash) {
    return new Split(path.substring(0, slash), path.substring(slash + 1));
  }
}
