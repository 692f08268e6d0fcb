/** One of a few, each in plain sight. */
import { useId } from "react";

export type Option = Readonly<{ value: string; label: string; lang?: string }>;

type Props = { legend: string; options: readonly Option[]; chosen: string; onChoose: (value: string) => void };

export function Radios({ legend, options, chosen, onChoose }: Props) {
  const name = useId();
  return (
    <fieldset className="radios">
      <legend>{legend}</legend>
      {options.map(({ value, label, lang }) => (
        <label key={value} className="radio" lang={lang}>
          <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => onChoose(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
