BeforeDiscovery {
    $endings = @(
        @{ Name = 'a finished list'; Rows = 'a lake', 'a hill'; Code = 0; Says = '2 videos: 2 saved' }
        @{ Name = 'a failed row'; Rows = 'a lake', 'a forbidden hill'; Code = 3; Says = '1 GenerationFailed: Content policy violation' }
        @{ Name = 'a bad row'; Rows = 'a lake', ''; Code = 1; Says = 'Row 2' }
        @{ Name = 'a missing key'; Rows = , 'a lake'; Key = ''; Code = 1; Says = 'No API key' }
        @{ Name = 'an invalid key'; Rows = , 'a lake'; Key = "ck-$('0' * 32)"; Code = 1; Says = 'The API key is missing or not valid' }
    )
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $guide = [IO.File]::ReadAllText("$root/docs/guides/runbooks.md").ReplaceLineEndings("`n")

    # The code of the example in the guide that is not run for this reason.
    function Get-Example([string] $Why) {
        $found = [regex]::Match($guide, "(?ms)^<!-- not run: $Why; [^\n]*-->\n``````powershell\n(?<code>.*?)^``````$")
        $found.Success | Should -BeTrue
        $found.Groups['code'].Value
    }

    # Runs a file in a new process, as a scheduler does.
    function Invoke-Scheduled([string] $Folder, [string] $File, [hashtable] $Environment) {
        Invoke-PwshFile $File $Folder ($Environment + @{ PSModulePath = "$root/output" })
    }

    # Runs a file in the shared console when the test does not need a new process.
    function Invoke-InConsole([string] $Folder, [string] $File, [hashtable] $Environment) {
        Invoke-Console "& '$([IO.Path]::Combine($Folder, $File))'" $Folder ($Environment + @{ PSModulePath = "$root/output" })
    }

    # The limit is high, because the runs in the shared console share it.
    function Start-Sandbox([double] $GenerationTime) {
        $info = Start-ChuiziVideoSandbox -GenerationTime $GenerationTime -RequestsPerMinute 10000
        $info
        @{ CHUIZI_API_KEY = $info.ApiKey; CHUIZI_BASE_URL = $info.BaseAddress }
    }
}

Describe 'The script of docs/guides/runbooks.md' {
    BeforeAll {
        $sandbox, $environment = Start-Sandbox 0
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'exits with <Code> after <Name>' -ForEach $endings {
        $folder = (New-Item "$TestDrive/$Name" -ItemType Directory).FullName
        Set-Content "$folder/nightly.ps1" (Get-Example 'it ends the process')
        $Rows | ForEach-Object { [pscustomobject]@{ Prompt = $_; Duration = 4 } } | Export-Csv "$folder/prompts.csv"
        $connection = $environment.Clone()
        if ($null -ne $Key) {
            $connection.CHUIZI_API_KEY = $Key
        }

        # A finished list and a failed row show that the exit code is that of a process.
        $run = $Code -eq 1 ? (Invoke-InConsole $folder nightly.ps1 $connection) : (Invoke-Scheduled $folder nightly.ps1 $connection)
        $run.Code | Should -Be $Code -Because $run.Text
        $run.Text | Should -Match $Says
        if ($Code -ne 1) {
            # A rerun has the same result, and sends nothing.
            $before = (Get-ChuiziVideoAccount).Balance
            (Invoke-InConsole $folder nightly.ps1 $connection).Code | Should -Be $Code
            (Get-ChuiziVideoAccount).Balance | Should -Be $before
        }
    }
}

Describe 'The script of docs/guides/runbooks.md, with less time than it needs' {
    BeforeAll {
        $sandbox, $environment = Start-Sandbox 3600
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'exits with 2' {
        $folder = (New-Item "$TestDrive/left" -ItemType Directory).FullName
        Set-Content "$folder/nightly.ps1" ((Get-Example 'it ends the process') -replace '02:30:00', '20')
        Set-Content "$folder/prompts.csv" 'Prompt', 'a lake'
        $run = Invoke-Scheduled $folder nightly.ps1 $environment
        $run.Code | Should -Be 2 -Because $run.Text
        # The deadline is real time: on a busy machine it may pass before the row is submitted.
        $run.Text | Should -Match '1 video: 1 (in progress|not submitted)'
    }
}

Describe 'The command of the systemd service' {
    BeforeAll {
        $sandbox, $environment = Start-Sandbox 0
        # As on a server: script and list are in the folder, and pwsh finds the module.
        $folder = (New-Item "$TestDrive/service" -ItemType Directory).FullName
        Copy-Item "$examples/batch.ps1" $folder
        Set-Content "$folder/prompts.csv" 'Prompt,Duration', 'a lake,4'
        $service = [IO.File]::ReadAllText("$examples/chuizi-video.service")
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'needs only the key in the environment' {
        $command = [regex]::Match($service, '(?m)^ExecStart=/usr/bin/pwsh -NoProfile -NonInteractive -File (?<call>.*)$').Groups['call'].Value
        Set-Content "$folder/call.ps1" "./$command; exit `$LASTEXITCODE"
        $run = Invoke-Scheduled $folder call.ps1 $environment
        $run.Code | Should -Be 0 -Because $run.Text
        Get-ChildItem "$folder/videos" | Should -HaveCount 1
    }

    It 'reads the key from a credential of the service, and submits nothing more' {
        Set-Content "$folder/run.ps1" (Get-Example 'it needs the credentials of a service')
        $null = New-Item "$folder/credentials" -ItemType Directory
        Set-Content "$folder/credentials/chuizi" $sandbox.ApiKey
        $before = (Get-ChuiziVideoAccount).Balance
        $run = Invoke-InConsole $folder run.ps1 @{ CREDENTIALS_DIRECTORY = "$folder/credentials"; CHUIZI_BASE_URL = $sandbox.BaseAddress }
        $run.Code | Should -Be 0 -Because $run.Text
        (Get-ChuiziVideoAccount).Balance | Should -Be $before
    }
}

Describe 'The Azure Automation runbook, with mocked Az commands' {
    BeforeAll {
        $sandbox, $environment = Start-Sandbox 0
        # A folder stands in for the storage account. The other commands return only what the script needs.
        $azure = (New-Item "$TestDrive/azure" -ItemType Directory).FullName
        $standIns = @'
function Connect-AzAccount { param([switch] $Identity) }
function Get-AzKeyVaultSecret { param($VaultName, $Name) [pscustomobject]@{ SecretValue = ConvertTo-SecureString $env:TEST_KEY -AsPlainText } }
function New-AzStorageContext { param($StorageAccountName, [switch] $UseConnectedAccount) 'context' }
function Get-AzStorageBlobContent { [CmdletBinding()] param($Container, $Context, $Blob, $Destination) Copy-Item "$env:TEST_STORE/$Blob" $Destination }
function Set-AzStorageBlobContent {
    [CmdletBinding()] param($Container, $Context, $File, $Blob, [switch] $Force)
    $null = New-Item (Split-Path "$env:TEST_STORE/$Blob") -ItemType Directory -Force
    Copy-Item $File "$env:TEST_STORE/$Blob"
}
'@
        # So does a file for the append blob.
        $example = Get-Example 'it needs Azure'
        $blob = 'https://videos.blob.core.windows.net/batch/run.jsonl'
        $example | Should -Match ([regex]::Escape($blob))
        Set-Content "$azure.ps1" @($standIns; $example.Replace($blob, "$azure/run.jsonl"))
        Set-Content "$azure/prompts.csv" 'Prompt,Duration,FileName', 'a lake,4,lake', 'a hill,4,hill'
        $variables = @{ TEST_KEY = $sandbox.ApiKey; TEST_STORE = $azure; CHUIZI_BASE_URL = $sandbox.BaseAddress }
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'shares the list between two jobs, and keeps the videos' {
        $work = "Import-Module '$moduleFolder'; & '$azure.ps1'"
        $jobs = 1..2 | ForEach-Object {
            Start-Job {
                ($using:variables).GetEnumerator() | ForEach-Object { Set-Item "Env:$($_.Key)" $_.Value }
                & ([scriptblock]::Create($using:work))
            }
        }
        $said = $jobs | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        $said | Should -HaveCount 2
        $said | Should -BeLike '2 videos: 2 saved*'
        (Get-ChildItem "$azure/videos").Name | Should -Be 'hill.mp4', 'lake.mp4'
        (Get-ChuiziVideoAccount).Balance | Should -Be (10000 - 2 * 0.12)
    }

    It 'sends nothing in the next run' {
        $before = (Get-ChuiziVideoAccount).Balance
        $run = Invoke-InConsole $TestDrive "$azure.ps1" $variables
        $run.Code | Should -Be 0 -Because $run.Text
        (Get-ChuiziVideoAccount).Balance | Should -Be $before
    }

    It 'fails the job when videos failed, and keeps all files' {
        Add-Content "$azure/prompts.csv" 'a forbidden tower,4,tower'
        $run = Invoke-InConsole $TestDrive "$azure.ps1" $variables
        $run.Code | Should -Be 1
        $run.Text | Should -Match '3 videos: 2 saved, 1 failed'
        (Get-ChuiziVideo -Ledger "$azure/run.jsonl").Status | Sort-Object | Should -Be 'failed', 'succeeded', 'succeeded'
    }

    It 'does not start without the key' {
        $run = Invoke-InConsole $TestDrive "$azure.ps1" @{ TEST_KEY = "ck-$('0' * 32)"; TEST_STORE = $azure; CHUIZI_BASE_URL = $sandbox.BaseAddress }
        $run.Code | Should -Be 1
        $run.Text | Should -Not -Match 'saved'
    }

    It 'does not start without the storage' {
        $before = (Get-ChuiziVideoAccount).Balance
        $run = Invoke-InConsole $TestDrive "$azure.ps1" @{ TEST_KEY = $sandbox.ApiKey; TEST_STORE = "$TestDrive/nowhere"; CHUIZI_BASE_URL = $sandbox.BaseAddress }
        $run.Code | Should -Be 1
        (Get-ChuiziVideoAccount).Balance | Should -Be $before
    }
}

Describe 'The scripts in the manifests' {
    BeforeAll {
        $sandbox, $environment = Start-Sandbox 0

        # Returns a block of text from a YAML file: the indented lines below the key.
        function Get-YamlText([string] $File, [string] $After) {
            $lines = [IO.File]::ReadAllLines("$examples/$File")
            $first = [Array]::FindIndex($lines, [Predicate[string]] { param($line) $line -match $After })
            while ($lines[$first] -notmatch '\|$') {
                $first++
            }

            $depth = $lines[$first + 1].Length - $lines[$first + 1].TrimStart().Length
            $text = for ($index = $first + 1; $index -lt $lines.Count -and $lines[$index] -match "^(\s{$depth}|\s*$)"; $index++) {
                $lines[$index].Substring([Math]::Min($depth, $lines[$index].Length))
            }
            $text -join "`n"
        }

        function New-Desk([string] $Name) {
            $folder = (New-Item "$TestDrive/$Name" -ItemType Directory).FullName
            Copy-Item $examples $folder -Recurse
            1..6 | ForEach-Object { [pscustomobject]@{ Prompt = "take $_"; Duration = 4; FileName = "take-$_" } } | Export-Csv "$folder/prompts.csv"
            $folder
        }

        # The runner sets this preference. Install-PSResource is mocked because there is no repository here.
        $before = '$ErrorActionPreference = ''Stop''', 'function Install-PSResource { }'
        $script = Get-YamlText github-matrix.yml 'name: Make the videos'
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'runs the list in a pod' {
        $folder = New-Desk pod
        Set-Content "$folder/pod.ps1" ((Get-YamlText kubernetes-job.yaml 'args:').Replace('/app/', "$folder/examples/"))
        $run = Invoke-Scheduled $folder "$folder/pod.ps1" ($environment + @{ LEDGER = "$folder/run.jsonl"; HOSTNAME = 'pod-1' })
        $run.Code | Should -Be 0 -Because $run.Text
        Get-ChildItem "$folder/videos" | Should -HaveCount 6
        "$folder/pod-1.log" | Should -Exist
    }

    It 'runs the list in a GitHub Actions job, and submits nothing in the next' {
        $folder = New-Desk action
        $connection = $environment + @{ LEDGER = "$folder/run.jsonl" }
        Set-Content "$folder/make.ps1" @($before; $script)
        $run = Invoke-Scheduled $folder make.ps1 $connection
        $run.Code | Should -Be 0 -Because $run.Text
        # The next job has another disk.
        Rename-Item "$folder/videos" earlier
        $balance = (Get-ChuiziVideoAccount).Balance
        (Invoke-InConsole $folder make.ps1 $connection).Code | Should -Be 0
        Get-ChildItem "$folder/videos" | Should -HaveCount 6
        (Get-ChuiziVideoAccount).Balance | Should -Be $balance
    }

    It 'fails the GitHub Actions job for failed videos, but not for remaining rows' {
        $folder = New-Desk rest
        $connection = $environment + @{ LEDGER = "$folder/run.jsonl" }
        Set-Content "$folder/make.ps1" @($before; $script)
        Set-Content "$folder/prompts.csv" 'Prompt', 'a forbidden hill'
        (Invoke-InConsole $folder make.ps1 $connection).Code | Should -Be 3
        # The deadline passes right after the start.
        Set-Content "$folder/make.ps1" @($before; $script -replace '00:40:00', '0.001')
        Set-Content "$folder/prompts.csv" 'Prompt', 'a hill'
        $run = Invoke-InConsole $folder make.ps1 $connection
        $run.Code | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match '(?m)^::notice::'
    }
}
