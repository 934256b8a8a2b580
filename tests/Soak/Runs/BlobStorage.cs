using System.Net.Http.Headers;

namespace Chuizi.Video.Soak.Runs;

/// <summary>A storage server for ledgers. It needs Azurite; without it, batches use files.</summary>
internal sealed class BlobStorage : IDisposable
{
    private readonly Azurite? _server = Azurite.IsInstalled ? new Azurite() : null;

    /// <summary>Whether the server is running.</summary>
    public bool IsThere => _server is not null;

    /// <summary>Creates a container, and returns the address of a blob in it, with a signature.</summary>
    public string NewAddress()
    {
        string container = _server!.CreateContainerAsync().GetAwaiter().GetResult();
        return $"{container}/run.jsonl?{Azurite.Sign(container)}";
    }

    /// <summary>Copies the blob to a file, if it exists.</summary>
    public void Download(string address, string path)
    {
        using HttpResponseMessage response = _server!.Http.GetAsync(new Uri(address)).GetAwaiter().GetResult();
        if (response.IsSuccessStatusCode)
        {
            File.WriteAllBytes(path, response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
        }
    }

    /// <summary>Replaces the blob by the content of a file.</summary>
    public void Upload(string address, string path)
    {
        Put(address, [], ("x-ms-blob-type", "AppendBlob"));
        Put(address + "&comp=appendblock", File.ReadAllBytes(path));
    }

    /// <inheritdoc/>
    public void Dispose() => _server?.Dispose();

    private void Put(string address, byte[] content, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, new Uri(address)) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using HttpResponseMessage response = _server!.Http.Send(request);
        response.EnsureSuccessStatusCode();
    }
}
