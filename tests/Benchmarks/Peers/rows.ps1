# Submits rows and polls each once, in the ways that a script of PowerShell has; gives the seconds of the one that is asked for.
param([string] $Way, [string] $Uri, [string] $Key, [int] $Rows, [string] $Module)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$headers = @{ Authorization = "Bearer $Key" }
$once = {
    param($row, $uri, $headers)
    $body = @{ model = 'google/veo-3.1-lite'; prompt = "a prompt $row" } | ConvertTo-Json
    $job = Invoke-RestMethod "$uri/videos/generations" -Method Post -Headers $headers -ContentType application/json -Body $body
    $null = Invoke-RestMethod "$uri/videos/$($job.id)" -Headers $headers
}
$Uri = $Uri.TrimEnd('/')
$ways = @{
    loop = { foreach ($row in 1..$Rows) { & $once $row $Uri $headers } }
    parallel = {
        $text = "$once"
        1..$Rows | ForEach-Object -ThrottleLimit 16 -Parallel { & ([scriptblock]::Create($using:text)) $_ $using:Uri $using:headers }
    }
    module = { 1..$Rows | ForEach-Object { "a prompt $_" } | New-ChuiziVideo | Wait-ChuiziVideo | ForEach-Object { } }
}
if ($Way -eq 'module') {
    Import-Module $Module
    Connect-ChuiziVideo $Key -BaseUri $Uri
    # What the model's jobs take is learned with the first.
    'a prompt' | New-ChuiziVideo | Wait-ChuiziVideo | Out-Null
}

$watch = [Diagnostics.Stopwatch]::StartNew()
& $ways[$Way]
$watch.Elapsed.TotalSeconds
