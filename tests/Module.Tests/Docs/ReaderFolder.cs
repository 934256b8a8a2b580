namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>A copy of the files of a clone that examples use: the example images and lists, and the built module.</summary>
internal static class ReaderFolder
{
    public static void Fill(string folder, bool withModule)
    {
        Copy(Repository.PathOf("examples"), Path.Combine(folder, "examples"));
        if (withModule)
        {
            Copy(Path.GetDirectoryName(Repository.Module)!, Path.Combine(folder, "output", "Chuizi.Video"));
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
